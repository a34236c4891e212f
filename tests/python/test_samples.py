"""Every sample of docs/samples runs and prints what it should."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import tensorbridge as tb

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "docs" / "samples"
DISTRIBUTIONS = {"dask": "python3-dask", "distributed": "python3-distributed"}

CSHARP = {
    "numpy-in-csharp": ["NumPy sees [1.0, 5.0, 9.0]"],
    "bare-dictionary": ["tensor[float32, (3, 2), cpu, strides (4, 12)] over the same memory: 60"],
    "image-to-planes": ["tensor[float32, (3, 480, 640), cpu]: red 0, green 100, blue 200"],
    "record-arrays": ["[0.5, 1. , 1.5, 2. ]"],
    "big-endian-file": [">f4 on C", ": 11, 22, 33, 44"],
}
PYTHON = {
    "bare_dictionary": ["(3, 2) (4, 12) 60.0 60.0"],
    "csharp_kernel": ["MyKernels.Saxpy(a: float32", "[1. 3. 5. 7. 9.]", "argument 3 'y': expected tensor[float32, (*), cpu"],
    "image_to_planes": ["(3, 480, 640) (1228800, 2560, 4) [  0. 100. 200.]"],
    "record_arrays": ["[0.5 1.  1.5 2. ]"],
    "dask_blocks": ["(1000000,) [1. 3. 5.] True"],
}


@pytest.fixture(scope="module")
def assembly():
    found = sorted((ROOT / "artifacts/dotnet/bin/TensorBridge.Samples").glob("*/TensorBridge.Samples.dll"), key=os.path.getmtime)
    assert found, "build the solution first: docs/samples/csharp is missing"
    return str(found[-1])


@pytest.mark.parametrize("name", CSHARP)
def test_csharp(name, assembly):
    dotnet = shutil.which("dotnet")
    if dotnet is None:
        pytest.skip("no dotnet on PATH")
    pytest.importorskip("numpy")
    expect(run([dotnet, "exec", assembly, name], TENSORBRIDGE_PYTHON=sys.executable), CSHARP[name])


@pytest.mark.parametrize("name", PYTHON)
def test_python(name, assembly):
    source = SAMPLES / "python" / f"{name}.py"
    need_modules(source)
    expect(run([sys.executable, str(source), assembly]), PYTHON[name])


@pytest.mark.parametrize("library", ["cupy", "torch"])
def test_gpu(library, assembly):
    need(library)
    if not any(info.device.startswith("cuda") for info in tb.devices()):
        pytest.skip("no CUDA device")
    expect(run([sys.executable, str(SAMPLES / "python" / "gpu_kernel.py"), assembly, library]), ["[1. 3. 5. 7. 9.]"])


def test_every_sample_is_listed_and_tested():
    text = (SAMPLES / "README.md").read_text()
    tested = {*PYTHON, "gpu_kernel"}
    assert {path.stem for path in (SAMPLES / "python").glob("*.py")} == tested
    for path in (*SAMPLES.glob("python/*.py"), *SAMPLES.glob("csharp/*.cs")):
        assert path.name in text or path.name == "Program.cs", f"docs/samples/README.md does not list {path.name}"
    program = (SAMPLES / "csharp" / "Program.cs").read_text()
    assert all(f'["{name}"]' in program for name in CSHARP) and program.count(".Run,") == len(CSHARP)


def need_modules(source):
    for line in source.read_text().splitlines():
        words = line.split()
        if words[:1] in (["import"], ["from"]):
            need(words[1].split(".")[0])


def need(module):
    if importlib.util.find_spec(module) is None:
        package = DISTRIBUTIONS.get(module, module)
        pytest.skip(f"{module} is not installed ({package})")


def run(command, **environment):
    paths = os.pathsep.join(filter(None, (os.path.dirname(os.path.dirname(tb.__file__)), os.environ.get("PYTHONPATH"))))
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": paths, **environment})
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def expect(output, texts):
    for text in texts:
        assert text in output
