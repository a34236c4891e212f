"""Device tensors, over the driver stand-in and the PTX interpreter: each case in a process of its own."""

import ast
import os
import pathlib
import subprocess
import sys

import documents
import pytest
from conftest import PACKAGES, ROOT

FOLDER = pathlib.Path(__file__).parent
STANDIN = pathlib.Path(os.environ.get("TENSORBRIDGE_FAKECUDA", os.path.join(ROOT, "artifacts/cmake/tests/native/fakecuda")))
TREE = ast.parse((FOLDER / "standin" / "device_cases.py").read_text())
CASES = [node.name for node in TREE.body if isinstance(node, ast.FunctionDef) and not node.args.args]

pytest.importorskip("numpy")
pytestmark = pytest.mark.skipif(not (STANDIN / "libcuda.so.1").exists(), reason="the driver stand-in is not built: ./build.sh build")


def run(*command):
    paths = [PACKAGES, FOLDER / "standin", FOLDER]
    environment = {
        **os.environ,
        "TENSORBRIDGE_INTERPRETER": str(assembly("TensorBridge.PtxInterpreter")),
        "TENSORBRIDGE_SAMPLES": str(assembly("TensorBridge.Samples")),
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, (str(STANDIN), os.environ.get("LD_LIBRARY_PATH")))),
    }
    result = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=120, env=environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    assert run(FOLDER / "standin" / "device_cases.py", case).endswith("done\n")


def test_the_gpu_sample_runs_on_a_stand_in_of_cupy():
    sample = pathlib.Path(ROOT) / "docs" / "samples" / "python" / "gpu_kernel.py"
    assert "[1. 3. 5. 7. 9.]" in run(FOLDER / "standin" / "run_sample.py", sample, assembly("TensorBridge.Samples"), "cupy")


def test_the_document_runs_on_a_stand_in_of_cupy(tmp_path):
    found = [block.text for block in documents.blocks(documents.ROOT / "docs" / "devices.md") if block.language == "python"]
    program = tmp_path / "devices.py"
    program.write_text("".join(found))
    assert run(FOLDER / "standin" / "run_sample.py", program) == "True\n12.0\n"


def assembly(name):
    found = sorted(pathlib.Path(ROOT).glob(f"artifacts/dotnet/bin/{name}/*/{name}.dll"), key=os.path.getmtime)
    assert found, f"build the solution first: {name} is missing"
    return found[-1]
