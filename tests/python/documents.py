"""The code blocks of the documentation, and what they take for granted."""

import os
import pathlib
import re
import shutil
import subprocess
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "docs/samples/README.md"]
LANGUAGES = {"python", "csharp", "sh", "text", ""}


class Block(NamedTuple):
    """One fenced block; ``note`` is an HTML comment right above it that says where it cannot run."""

    document: str
    line: int
    language: str
    text: str
    note: str

    def __str__(self):
        return f"{self.document}:{self.line}"


def blocks(path):
    """All fenced blocks of a document, in order."""
    lines = path.read_text().split("\n")
    found, start = [], None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if start is None:
            start = number
            continue
        above = next((text for text in reversed(lines[:start]) if text.strip()), "")
        note = re.fullmatch(r"<!--\s*((?:needs|not run):.*?)\s*-->", above.strip())
        text = "\n".join(lines[start + 1 : number]) + "\n"
        found.append(Block(str(path.relative_to(ROOT)), start + 2, lines[start][3:].strip(), text, note[1] if note else ""))
        start = None
    assert start is None, f"{path}:{start}: a block that does not end"
    return found


def blocks_of(*languages):
    return [block for path in DOCUMENTS for block in blocks(path) if block.language in languages]


# ---- C# -----------------------------------------------------------------------------------------------------

# What the statements of the documents use without saying where it comes from.
GIVEN = """
global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
global using System.Numerics.Tensors;
global using ILGPU; global using ILGPU.Runtime;
global using TensorBridge; global using TensorBridge.Copying; global using TensorBridge.Accelerators;
global using TensorBridge.Accelerators.Cuda; global using TensorBridge.Accelerators.Kernels; global using TensorBridge.Python;
global using static Given;
public static class Given
{
    public static nint pyObject, pointer, address;
    public static HostBridge bridge = null!;
    public static TensorHandle tensor = null!, x = null!, y = null!;
    public static StridedView<float, Rank2> view;
    public static Stream stream = null!;
}
"""
TYPE = re.compile(r"(public |internal |static |sealed |readonly |unsafe |partial |ref )*(class|struct|record|interface|enum) ")


def csharp_source(found):
    """One file: types stay types, statements become the body of a method; lines keep their place in the document."""
    parts = [GIVEN]
    for number, block in enumerate(found):
        lines = block.text.split("\n")
        usings = [line for line in lines if re.fullmatch(r"using [\w.]+;", line.strip())]
        code = "\n".join("" if line in usings else line for line in lines)
        first = next(line for line in code.split("\n") if line.strip() and not line.lstrip().startswith(("//", "[", "#")))
        body = f'#line {block.line} "{block.document}"\n{code}\n#line default\n'
        if not TYPE.match(first):
            body = f"internal static unsafe class Statements\n{{\nprivate static void Run()\n{{\n{body}}}\n}}\n"
        parts.append(f"namespace Block{number}\n{{\n{' '.join(usings)}\n{body}}}\n")
    return "\n".join(parts)


def compile_csharp(found, target, references):
    """Compiles blocks into one library with the SDK's own compiler; answers what it had to say when it failed."""
    source = target.with_suffix(".cs")
    source.write_text(csharp_source(found))
    dotnet = pathlib.Path(os.path.realpath(shutil.which("dotnet"))).parent
    compiler = newest(dotnet.glob("sdk/*/Roslyn/bincore/csc.dll"))
    framework = newest(dotnet.glob("packs/Microsoft.NETCore.App.Ref/10.*/ref/net10.0/System.Runtime.dll")).parent
    options = ["-nologo", "-noconfig", "-nostdlib", "-target:library", "-unsafe", "-nullable", "-langversion:latest", "-warn:0"]
    files = [*framework.glob("*.dll"), *references]
    result = subprocess.run(
        ["dotnet", "exec", str(compiler), *options, f"-out:{target}", *(f"-r:{file}" for file in files), str(source)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr


def newest(paths):
    return max(paths, key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))])
