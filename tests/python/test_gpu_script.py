"""The GPU script from its archive, played through on the driver stand-in."""

import json
import os
import shutil
import subprocess
import sys
import tarfile

import pytest

from conftest import ROOT

GPU = os.path.join(ROOT, "benchmarks", "gpu")
BIN = os.path.join(ROOT, "artifacts", "dotnet", "bin")
STAND_IN = os.path.join(ROOT, "artifacts", "cmake", "tests", "native", "fakecuda")
INTERPRETER = os.path.join(BIN, "TensorBridge.PtxInterpreter", "release", "TensorBridge.PtxInterpreter.dll")
NEEDED = [os.path.join(STAND_IN, "libcuda.so.1"), INTERPRETER, os.path.join(BIN, "TensorBridge.GpuBenchmark", "release", "TensorBridge.GpuBenchmark.dll")]
LIBRARIES = ("cupy", "torch", "numba", "jax")

pytestmark = [
    pytest.mark.skipif(shutil.which("dotnet") is None, reason="dotnet is not on PATH, the archive needs its runtime"),
    pytest.mark.skipif(not all(map(os.path.exists, NEEDED)), reason="the stand-in, its interpreter or the benchmark is not built in Release: ./build.sh build"),
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The folder of the archive's scripts, unpacked."""
    folder = tmp_path_factory.mktemp("gpu")
    archive = folder / "gpu.tar.gz"
    subprocess.run([os.path.join(GPU, "pack.sh"), archive, "--built"], check=True, env={**os.environ, "GZIP_LEVEL": "1"}, timeout=120)
    assert archive.stat().st_size < 64 << 20
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
    return folder / "tensorbridge-gpu" / "gpu"


def run_script(scripts, out, *options, **environment):
    """The script in an environment without .NET: nothing but the archive's own is in reach."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("DOTNET") and name not in ("PYTHONPATH", "TENSORBRIDGE_NATIVE")}
    command = [scripts / "run.sh", out, "--stand-in", STAND_IN, "--interpreter", INTERPRETER, "--launches", "1", "--rounds", "1", *options]
    result = subprocess.run(command, env={**base, "PATH": "/usr/bin:/bin", "PYTHON": sys.executable, **environment}, capture_output=True, text=True, timeout=300)
    return result.returncode, result.stdout + result.stderr


def read(out, name):
    return json.loads((out / name).read_text())


def test_it_plays_through_to_the_end(unpacked, tmp_path):
    status, output = run_script(unpacked, tmp_path, "--mib", "0.00390625", "--permutations", "1")
    assert status == 0, output[-8000:]
    assert ".NET 10" in output and f"in {unpacked.parent}" in output  # the runtime that came along
    check_matrix(read(tmp_path, "interop-standin.json"))
    check_frozen_matrix(read(tmp_path, "interop-standin_frozen.json"))
    ours, numpy = read(tmp_path, "tensorbridge.json"), read(tmp_path, "baselines-numpy.json")
    assert ours["notMeasured"] == 0 and len(ours["copies"]) > 130
    assert [each["case"] for each in ours["copies"]] == [each["case"] for each in numpy["copies"]]
    assert all(each["correct"] for each in ours["copies"] + numpy["copies"])
    assert {each["itemSize"] for each in ours["copies"]} == {1, 2, 4, 8, 16}
    report = (tmp_path / "report.md").read_text()
    for row in ("stream in: ordering off shows stale data", "| random permutations of rank 8 | 16 |", "| byte swap 8 | 8 |", "## Small transposes"):
        assert row in report
    assert (tmp_path / "copies.svg").read_text().count("<circle") > 200


def check_matrix(report):
    assert report["complete"]
    cells = {(cell["row"], cell["column"]): cell for cell in report["cells"]}
    assert {cell["status"] for cell in cells.values()} == {"pass", "SKIP"}
    for column in ("cuda_array_interface", "dlpack"):
        assert "elements stale" in cells["stream in: ordering off shows stale data", column]["detail"]
        assert cells["stream in: ordered", column]["status"] == "pass"
        assert cells["memory: managed", column]["status"] == cells["memory: page-locked", column]["status"] == "pass"
    for column in ("standin.asarray", "standin.from_dlpack"):
        assert "elements stale" in cells["stream out: ordering off shows stale data", column]["detail"]
        assert cells["stream out: ordered", column]["status"] == "pass"
    assert [column for (_, column), cell in cells.items() if cell["status"] == "SKIP"] == ["dlpack", "dlpack"]


def check_frozen_matrix(report):
    """Immutable arrays, no streams in users' hands: as JAX."""
    assert report["complete"]
    cells = {(cell["row"], cell["column"]): cell for cell in report["cells"]}
    assert not any(cell["status"] == "FAIL" for cell in cells.values())
    for column in ("cuda_array_interface", "dlpack"):
        assert "read-only" in cells["in: read-only is refused for writing", column]["detail"]
        assert cells["in: read-only is refused for writing", column]["status"] == "pass"
    assert cells["stream in: ordered", "dlpack"]["status"] == "pass"
    assert cells["out: same address, both see writes", "standin_frozen.from_dlpack"]["status"] == "pass"
    assert cells["stream in: ordering off shows stale data", "dlpack"]["status"] == "SKIP"
    assert cells["stream out: ordered", "standin_frozen.from_dlpack"]["status"] == "pass"
    assert "elements stale" in cells["stream out: ordering off shows stale data", "standin_frozen.from_dlpack"]["detail"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_missing_library_is_skipped_by_name(unpacked, tmp_path, library):
    (tmp_path / f"{library}.py").write_text("raise OSError('no driver here')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LD_LIBRARY_PATH": STAND_IN}
    out = tmp_path / "interop.json"
    result = subprocess.run([sys.executable, unpacked / "interop.py", library, "--out", out], env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    report = json.loads(out.read_text())
    assert "no driver here" in report["missing"] and "pip install" in report["missing"]
    assert report["cells"] == []


@pytest.fixture(scope="module")
def played_with_fakes(unpacked, tmp_path_factory):
    """The interop half with fakes of the four libraries."""
    out = tmp_path_factory.mktemp("fakes")
    status, output = run_script(unpacked, out, "--only", "interop", PYTHONPATH=os.path.join(os.path.dirname(__file__), "fakes"))
    assert status == 0, output[-8000:]
    return out


# What a library cannot show, and says so: rows of (protocol or function).
SKIPPED = {
    "cupy": {("memory: page-locked", "cuda_array_interface"), ("memory: page-locked", "dlpack")} | {("later", "dlpack")},
    "torch": {("stream in", "cuda_array_interface"), ("memory:", "cuda_array_interface"), ("memory: managed", "dlpack"), ("later", "dlpack"), ("stream out", "torch.as_tensor")},
    "numba": set(),
    "jax": {
        ("strided", "cuda_array_interface"), ("strided", "dlpack"), ("memory:", "cuda_array_interface"), ("memory:", "dlpack"), ("stream in", "cuda_array_interface"),
        ("ordering off", "dlpack"), ("later", "dlpack"), ("stream out", "jax.numpy.asarray"), ("released", "jax.numpy.asarray"),
    },
}  # fmt: skip


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_library_runs_through_as_its_fake(played_with_fakes, library):
    report = read(played_with_fakes, f"interop-{library}.json")
    assert report["complete"] and report["version"] == "fake"
    for cell in report["cells"]:
        may_skip = any(row in cell["row"] and column == cell["column"] for row, column in SKIPPED[library])
        assert cell["status"] == ("SKIP" if may_skip else "pass"), cell
        if cell["status"] == "pass" and "ordering off" in cell["row"]:
            assert "elements stale" in cell["detail"]


def test_a_library_that_crashes_does_not_take_the_others_along(unpacked, tmp_path):
    (tmp_path / "cupy.py").write_text(
        "import os\n__version__ = '0'\nRawKernel = asarray = from_dlpack = lambda *_: None\nfloat32 = None\ndef full(*_, **__): os.abort()\n"
    )
    out = tmp_path / "out"
    status, output = run_script(unpacked, out, "--only", "interop", PYTHONPATH=str(tmp_path))
    assert status == 1, output[-4000:]
    crashed = read(out, "interop-cupy.json")["cells"]
    assert len(crashed) == 7 and all(cell["status"] == "FAIL" for cell in crashed)  # one for each start, and the matrix itself
    assert "the process ended here" in crashed[0]["detail"] and crashed[0]["row"] != crashed[1]["row"]
    check_matrix(read(out, "interop-standin.json"))
    assert "FAIL cupy: in: same address (cuda_array_interface)" in output


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(GPU)


def test_a_wrong_copy_is_noticed(scripts):
    from copiers import open_copier

    case = {"case": "x", "itemSize": 4, "sourceType": "<f4", "destinationType": "<f4", "shape": [30, 20], "strides": [4, 120], "offset": 0, "sourceBytes": 2400, "movedBytes": 4800}
    copier = open_copier("numpy", launches=1, rounds=1)
    assert copier.measure(case)["correct"]
    right = copier.prepare

    def one_element_short(case, source, target):
        return lambda: (right(case, source, target)(), target.__setitem__((29, 19), 0))

    copier.prepare = one_element_short
    assert not copier.measure(case)["correct"]


def test_a_race_that_shows_no_stale_data_fails(scripts):
    import cells

    with pytest.raises(AssertionError, match="proves nothing"):
        cells.judge([2.0, 2.0], ordered=False, fresh=2.0, stale=1.0)
    with pytest.raises(AssertionError, match="nothing waited"):
        cells.judge([2.0, 1.0], ordered=True, fresh=2.0, stale=1.0)
    assert cells.judge([2.0, 1.0], ordered=False, fresh=2.0, stale=1.0) == "1 of 2 elements stale"
    assert cells.judge([2.0, 2.0], ordered=True, fresh=2.0, stale=1.0) == ""
