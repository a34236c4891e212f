"""The documentation cannot drift: its Python runs, its C# compiles, its commands and links exist, and what is written from
samples and results is what they say.

A block that cannot run everywhere says so in a comment right above it: ``<!-- needs: cupy -->`` skips it where the
module is missing, ``<!-- not run: reason -->`` always.
"""

import importlib.util
import os
import pathlib
import re
import shutil

import numpy as np
import pytest

import tensorbridge as tb
import written
from documents import DOCUMENTS, LANGUAGES, ROOT, blocks, blocks_of, compile_csharp

PYTHON = blocks_of("python")
WITH_CSHARP = [path for path in DOCUMENTS if any(block.language == "csharp" for block in blocks(path))]


class Session:
    """One document read from its beginning: later blocks see the names of earlier ones."""

    def __init__(self, folder):
        self.folder = folder
        self.names = given(folder)
        self.run_lines = set()

    def run(self, block):
        if block.line in self.run_lines:
            return
        self.run_lines.add(block.line)
        text = re.sub(r"^(\S.*?)\s+# True$", r"assert (\1)", block.text, flags=re.MULTILINE)
        code = compile("\n" * (block.line - 1) + text, block.document, "exec")
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            exec(code, self.names)
        finally:
            os.chdir(before)


def given(folder):
    """What the documents use without saying where it comes from."""
    keeper = np.arange(12, dtype="f4").reshape(3, 4)
    np.save(folder / "in.npy", keeper)
    return {
        "np": np,
        "numpy": np,
        "tb": tb,
        "ptr": keeper.ctypes.data,
        "address": keeper.ctypes.data,
        "keeper": keeper,
        "assembly": "MyKernels.dll",
        "whoever_owns_it": keeper,
        "data": bytearray(64),
        "x": np.arange(5, dtype="f4"),
        "y": np.ones(5, dtype="f4"),
        "src": np.arange(6, dtype="f4").reshape(2, 3).T,
        "dst": np.zeros((3, 2), "f4"),
    }


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Compiles the C# of one document into MyKernels.dll, once; answers its folder and the compiler's errors."""
    answers = {}

    def compile_document(path):
        if path not in answers:
            folder = tmp_path_factory.mktemp(path.stem)
            found = [block for block in blocks(path) if block.language == "csharp" and not block.note.startswith("not run:")]
            managed = pathlib.Path(tb.__file__).parent / "managed"
            errors = compile_csharp(found, folder / "MyKernels.dll", managed.glob("*.dll")) if found else ""
            answers[path] = folder, errors
        return answers[path]

    return compile_document


@pytest.fixture(scope="module")
def sessions(compiled):
    made = {}

    def session(document):
        if document not in made:
            made[document] = Session(compiled(ROOT / document)[0])
        return made[document]

    return session


@pytest.fixture
def dotnet_sdk():
    dotnet = shutil.which("dotnet")
    if dotnet is None or not list(pathlib.Path(os.path.realpath(dotnet)).parent.glob("sdk/*/Roslyn/bincore/csc.dll")):
        pytest.skip("no .NET SDK here to compile C# with")


@pytest.mark.parametrize("path", WITH_CSHARP, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_csharp_compiles(path, compiled, dotnet_sdk):
    errors = compiled(path)[1]
    assert not errors, errors


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python_runs(block, sessions, dotnet_sdk):
    skip_if_noted(block)
    session = sessions(block.document)
    for earlier in PYTHON:
        if earlier.document == block.document and earlier.line < block.line and not earlier.note:
            session.run(earlier)
    session.run(block)


def skip_if_noted(block):
    kind, _, detail = block.note.partition(": ")
    if kind == "not run":
        pytest.skip(detail)
    if kind == "needs" and importlib.util.find_spec(detail) is None:
        pytest.skip(f"{detail} is not installed")
    if kind == "needs" and not any(info.device.startswith("cuda") for info in tb.devices()):
        pytest.skip("no CUDA device")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_languages_commands_and_links(path):
    found = blocks(path)
    assert {block.language for block in found} <= LANGUAGES
    script = (ROOT / "build.sh").read_text()
    for block in found:
        if block.language != "sh":
            continue
        for command in re.findall(r"\./build\.sh (\w+)", block.text):
            assert f"\n{command})" in script, f"{block}: build.sh knows no {command}"
        for file in re.findall(r"(?<!\S)((?:docs|tests|benchmarks|src)/[\w./-]+)", block.text):
            assert (ROOT / file).exists(), f"{block}: {file} is missing"
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(), flags=re.DOTALL)
    for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", prose):
        assert (path.parent / link).exists(), f"{path.relative_to(ROOT)}: the link to {link} leads nowhere"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_written_regions_are_what_would_be_written(path, dotnet_sdk):
    """After a change that is meant: TENSORBRIDGE_RECORD=1 writes them."""
    text = path.read_text()
    assert text.count("<!-- written:") == text.count("<!-- /written -->") == len(written.REGION.findall(text))
    expected = written.rewritten(text)
    if os.environ.get("TENSORBRIDGE_RECORD") == "1":
        path.write_text(expected)
        return
    assert text == expected, "run this test with TENSORBRIDGE_RECORD=1 to write the document anew"


def test_the_readme_has_no_code_and_no_table_of_its_own():
    left = written.outside((ROOT / "README.md").read_text())
    assert "```" not in left and not re.search(r"^\|", left, re.MULTILINE)


def test_a_stale_region_is_noticed_and_mended():
    text = (ROOT / "README.md").read_text()
    stale = text.replace("./build.sh demo ", "./build.sh dance ")
    assert stale != text and written.rewritten(stale) == text
