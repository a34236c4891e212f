"""What the documents do not say themselves: regions that are written from the sources and from recorded results.

A region stands between ``<!-- written: RECIPE -->`` and ``<!-- /written -->``. Recipes, arguments quoted as in a shell:

    lines FILE FIRST LAST       lines of a sample, from the first that contains FIRST to the next that contains LAST
    program FILE                a whole Python sample without its docstring
    member FILE TYPE.MEMBER     one member of a C# type, within the type
    output SAMPLE               what a sample prints: a Python file, or the name of a C# sample
    error EXPRESSION            the error that a Python expression raises
    commands NAME...            commands of build.sh, as its help describes them
    works-with                  which libraries share memory by which doors, from benchmarks/results/interop-*.json
    copies                      copies beside their peers, from benchmarks/results/host.json
    doors, kernels, comparisons, packages
                                the figures of benchmarks/results of that kind
    samples                     the table of all samples

The test compares; with TENSORBRIDGE_RECORD=1 it writes.
"""

import ast
import json
import math
import os
import pathlib
import re
import shlex
import subprocess
import sys

import tensorbridge as tb

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
SAMPLES = ROOT / "docs" / "samples"
REGION = re.compile(r"(<!-- written: (.+?) -->\n)(.*?)(<!-- /written -->)", re.DOTALL)
LANGUAGES = {".py": "python", ".cs": "csharp"}


def rewritten(text):
    """The document with every region as it should be."""
    return REGION.sub(lambda region: region[1] + write(region[2]) + region[4], text)


def outside(text):
    """The document without its regions."""
    return REGION.sub("", text)


def write(recipe):
    name, *arguments = shlex.split(recipe)
    return RECIPES[name](*arguments).rstrip("\n") + "\n"


# ---- code and what it does -----------------------------------------------------------------------------------


def fence(language, text):
    return f"```{language}\n{text.rstrip()}\n```"


def dedented(lines):
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[margin:] for line in lines)


def lines(file, first, last):
    text = (ROOT / file).read_text().split("\n")
    start = next(i for i, line in enumerate(text) if first in line)
    end = next(i for i, line in enumerate(text) if i >= start and last in line)
    return fence(LANGUAGES[pathlib.Path(file).suffix], dedented(text[start : end + 1]))


def program(file):
    text = (ROOT / file).read_text()
    return fence("python", "\n".join(text.split("\n")[ast.parse(text).body[0].end_lineno :]).strip("\n"))


def member(file, name):
    type_, own = name.split(".")
    text = (ROOT / file).read_text().split("\n")
    head = next(i for i, line in enumerate(text) if re.search(rf"\b(class|struct) {type_}\b", line))
    start = next(i for i, line in enumerate(text) if i > head and re.search(rf"\b{own}\(", line))
    end = start if text[start].endswith(";") else text.index("    }", start)
    return fence("csharp", "\n".join([text[head], "{", *text[start : end + 1], "}"]))


def output(sample):
    if sample.endswith(".py"):
        command = [sys.executable, str(ROOT / sample), samples_assembly()]
    else:
        command = ["dotnet", "exec", samples_assembly(), sample]
    paths = os.pathsep.join([str(pathlib.Path(tb.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": paths, "TENSORBRIDGE_PYTHON": sys.executable}
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return fence("text", result.stdout)


def samples_assembly():
    found = sorted((ROOT / "artifacts/dotnet/bin/TensorBridge.Samples").glob("*/TensorBridge.Samples.dll"), key=os.path.getmtime)
    assert found, "build the solution first: docs/samples/csharp is missing"
    return str(found[-1])


def error(expression):
    try:
        eval(expression, {"tb": tb})
    except Exception as raised:
        return fence("text", f"{type(raised).__name__}: {raised}")
    raise AssertionError(f"{expression} raises nothing")


def commands(*names):
    text = subprocess.run([ROOT / "build.sh", "help"], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in text.split("\n"):
        if match := re.fullmatch(r"  (\w+)( \[.*?\])? {2,}(\S.*)", line):
            name = match[1]
            found[name] = match[3]
        elif line.startswith("     ") and found:
            found[name] += " " + line.strip()
    return fence("sh", "\n".join(f"./build.sh {name:6} # {found[name]}" for name in names))


def samples():
    rows = {}
    for path in sorted(SAMPLES.glob("csharp/*.cs")):
        if path.name != "Program.cs":
            rows[path.stem.lower()] = [re.search(r"/// <summary>(.*?)</summary>", path.read_text())[1], path, None]
    for path in sorted(SAMPLES.glob("python/*.py")):
        title = ast.get_docstring(ast.parse(path.read_text())).split("\n")[0]
        row = rows.setdefault(path.stem.replace("_", ""), ["", None, None])
        row[0], row[2] = row[0] or re.sub(r"^\w+\.py [^:]*: ", "", title), path
    cell = lambda path: "" if path is None else f"[{path.name}]({path.parent.name}/{path.name})"  # noqa: E731
    table = [f"| {capitalised(title)} | {cell(csharp)} | {cell(python)} |" for title, csharp, python in rows.values()]
    return "\n".join(["| what | in C# | in Python |", "|---|---|---|", *sorted(table)])


def capitalised(title):
    title = re.sub(r"</?c>", "`", title).rstrip(".")
    return title[0].upper() + title[1:]


# ---- recorded results ----------------------------------------------------------------------------------------


def recorded(name):
    return json.loads((RESULTS / f"{name}.json").read_text())


def interop():
    """The recorded runs, the one of this system first."""
    paths = sorted(RESULTS.glob("interop-*.json"), key=lambda path: (path.stem != "interop-system", path.stem))
    assert paths, "record benchmarks/interop first"
    return [json.loads(path.read_text()) for path in paths]


SPELLING = {
    "buffer": "buffer protocol",
    "array_struct": "`__array_struct__`",
    "array_interface": "`__array_interface__`",
    "cuda_array_interface": "`__cuda_array_interface__`",
    "dlpack": "DLPack",
    "exchange": "DLPack's C exchange API",
}
# What the documents promise for libraries that no recorded run had: the doors their own manuals name.
UNRECORDED = {
    "PyTorch on a GPU": (["dlpack", "cuda_array_interface"], ["torch.from_dlpack", "torch.as_tensor"]),
    "CuPy": (["dlpack", "cuda_array_interface"], ["cupy.asarray", "cupy.from_dlpack"]),
    "JAX": (["dlpack"], ["jax.dlpack.from_dlpack"]),
    "Numba": (["cuda_array_interface"], ["numba.cuda.as_cuda_array"]),
}


def works_with():
    seen = {}
    for run in interop():
        for record in run["works"]:
            seen.setdefault(record["library"], []).append(record)
    plain = [name for name, records in seen.items() if not records[0]["version"]]
    table = ["| | into TensorBridge by | out of it by | one array in, ns | seen with |", "|---|---|---|---|---|"]
    for name, records in seen.items():
        if name not in plain:
            cost = " / ".join(f"{record['asarray']:.0f}" for record in records)
            table.append(row(name, ["exchange"] * any(record["exchange"] for record in records) + union(records, "in"), union(records, "out"), cost, ", ".join(record["version"] for record in records)))
    table += [row(name, *UNRECORDED[name], "", "its protocols only") for name in UNRECORDED if name not in seen]
    records = [record for name in plain for record in seen[name]]
    cost = f"{min(record['asarray'] for record in records):.0f} to {max(record['asarray'] for record in records):.0f}"
    python = ", ".join(run["environment"]["python"] for run in interop())
    table.append(row(", ".join(f"`{name}`" for name in plain), union(records, "in"), union(records, "out"), cost, f"Python {python}"))
    table.append("| a bare dictionary, or pointer + typestr + shape | `from_array_interface`, `from_pointer` | `__array_interface__` | | |")
    return "\n".join(table)


def union(records, side):
    return list(dict.fromkeys(door for record in records for door in record[side]))


def row(name, doors_in, doors_out, cost, versions):
    return f"| {name} | {', '.join(SPELLING[door] for door in doors_in)} | {', '.join(f'`{door}`' for door in doors_out)} | {cost} | {versions} |"


def copies():
    """Times as fast as each peer, geometric mean over the cases that both have; one thread, memory touched before."""
    data = recorded("host")
    seconds = {}
    for each in data["measurements"]:
        if each["threads"] == 1 and not each["fresh"]:
            seconds.setdefault((each["size"], each["case"]), {})[each["peer"]] = each["seconds"]
    sizes = [size for size in ("S", "M", "L") if any(key[0] == size for key in seconds)]
    peers = sorted({peer for times in seconds.values() for peer in times} - {"TensorBridge"})
    table = [f"| times as fast as | {' | '.join(SIZES[size] for size in sizes)} |", "|---|" + "---|" * len(sizes)]
    for peer in peers:
        cells = []
        for size in sizes:
            ratios = [times[peer] / times["TensorBridge"] for key, times in seconds.items() if key[0] == size and {peer, "TensorBridge"} <= times.keys()]
            cells.append(f"{geometric_mean(ratios):.1f} ({sum(ratio >= 1 for ratio in ratios)} of {len(ratios)} cases ahead)" if ratios else "")
        table.append(f"| {peer} | {' | '.join(cells)} |")
    return "\n".join([*table, "", f"Geometric means, one thread, on {data['processor']}."])


SIZES = {"S": "256 KiB", "M": "8 MiB", "L": "256 MiB"}


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def doors():
    runs = interop()
    titles = list(dict.fromkeys((each["group"], each["title"]) for run in runs for each in run["results"]))
    found = [{(each["group"], each["title"]): each["fastest"] for each in run["results"]} for run in runs]
    head = [f"Python {run['environment']['python']}, NumPy {run['environment']['numpy']}" for run in runs]
    table = [f"| ns per call | {' | '.join(head)} |", "|---|" + "---:|" * len(runs)]
    for group, title in titles:
        cells = [f"{times[group, title]:.0f}" if (group, title) in times else "" for times in found]
        table.append(f"| {group}: {title.replace('|', ' ')} | {' | '.join(cells)} |")
    for key, title in (("importMilliseconds", "`import tensorbridge` (NumPy loaded before), ms"), ("startMilliseconds", "start of .NET, ms")):
        table.append(f"| {title} | {' | '.join(str(run['environment'].get(key, '')) for run in runs)} |")
    return "\n".join(table)


def kernels():
    data = recorded("kernels")
    people = list(dict.fromkeys(each["who"] for each in data["results"]))
    best = {(each["case"], each["who"]): each["best"] for each in data["results"]}
    table = [f"| {data['cores']} cores | {' | '.join(people)} |", "|---|" + "---:|" * len(people)]
    for case in dict.fromkeys(each["case"] for each in data["results"]):
        table.append(f"| {case} | {' | '.join(duration(best[case, who]) if (case, who) in best else '' for who in people)} |")
    return "\n".join(table)


def comparisons():
    data = recorded("compare")
    table = [f"| | TensorBridge | NumPy {data['numpy']} |", "|---|---:|---:|"]
    table += [f"| {each['case']} | {duration(each['TensorBridge']['best'])} | {duration(each['NumPy']['best'])} |" for each in data["results"]]
    return "\n".join(table)


def packages():
    data = recorded("packages")
    steps = list(next(iter(data.values()))["seconds"])
    table = [f"| | size | {' | '.join(steps)} |", "|---|---:|" + "---:|" * len(steps)]
    table += [f"| {kind} | {each['bytes'] / 1e6:.1f} MB | {' | '.join(duration(each['seconds'][step]) for step in steps)} |" for kind, each in data.items()]
    return "\n".join(table)


def duration(seconds):
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.2f} µs"


RECIPES = {
    "lines": lines,
    "program": program,
    "member": member,
    "output": output,
    "error": error,
    "commands": commands,
    "samples": samples,
    "works-with": works_with,
    "copies": copies,
    "doors": doors,
    "kernels": kernels,
    "comparisons": comparisons,
    "packages": packages,
}
