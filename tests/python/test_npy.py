"""Files: mapped, loaded, saved; doctor and devices."""

import gc
import os
import subprocess
import sys

import pytest

import tensorbridge as tb

np = pytest.importorskip("numpy")


def array(t):
    return np.asarray(t)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.npy"


ARRAYS = [
    np.arange(12.0).reshape(3, 4),
    np.arange(12.0).reshape(3, 4).T,
    np.array(3.5),
    np.zeros((0, 3), "f4"),
    np.arange(6, dtype=">i4").reshape(2, 3),
    np.array(["2020-01-01", "NaT"], "M8[D]"),
    np.array([1 + 2j], "c8"),
    np.array([True, False]),
    np.array([b"abc", b"d"]),
    np.array(["abc", "\u00e9"]),
    np.array([(1, 2.5), (3, 4.5)], np.dtype([("a", "u1"), ("b", "<f8")], align=True)),
]


@pytest.mark.parametrize("expected", ARRAYS, ids=lambda a: f"{a.dtype.str}{a.shape}")
def test_files_go_both_ways_byte_for_byte(path, tmp_path, expected):
    np.save(path, expected)
    for t in (tb.open_npy(path), tb.load_npy(path)):
        assert t.shape == expected.shape
        # asarray of a record keeps NumPy's own spelling of its padding: compare the bytes.
        assert array(t).tobytes() == expected.tobytes()
        tb.save_npy(tmp_path / "b.npy", t)
        assert (tmp_path / "b.npy").read_bytes() == path.read_bytes()
    tb.save_npy(tmp_path / "c.npy", expected)
    assert (tmp_path / "c.npy").read_bytes() == path.read_bytes()


def test_modes(path):
    np.save(path, np.arange(5))
    read = tb.open_npy(str(path))
    assert not array(read).flags.writeable
    own = tb.open_npy(os.fsencode(path), "c")
    array(own)[0] = 100
    assert np.load(path)[0] == 0
    shared = tb.open_npy(path, mode="r+")
    array(shared)[0] = 7
    tb.flush_npy(shared)
    assert np.load(path)[0] == 7
    assert array(read)[0] == 7 and array(own)[0] == 100
    with pytest.raises(ValueError, match="mode is 'x'"):
        tb.open_npy(path, "x")
    with pytest.raises(ValueError, match="mapped"):
        tb.flush_npy(tb.load_npy(path))


def test_new_files(path):
    t = tb.open_npy(path, "w+", dtype="<f4", shape=(2, 3), order="F")
    array(t)[...] = [[1, 2, 3], [4, 5, 6]]
    del t
    gc.collect()
    a = np.load(path)
    assert a.dtype == np.float32 and a.flags.f_contiguous and a.tolist() == [[1, 2, 3], [4, 5, 6]]
    with pytest.raises(TypeError, match="dtype"):
        tb.open_npy(path, "w+", shape=(3,))
    with pytest.raises(TypeError, match="mode 'w\\+'"):
        tb.open_npy(path, "r", shape=(3,))
    with pytest.raises(ValueError, match="order"):
        tb.open_npy(path, "w+", dtype="f4", shape=3, order="K")


def test_save_converts(path):
    a = np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1)[::-1]
    tb.save_npy(path, a, order="F", dtype=">f4")
    b = np.load(path)
    assert b.dtype == np.dtype(">f4") and b.flags.f_contiguous and (b == a).all()
    with pytest.raises(TypeError, match="same_kind"):
        tb.save_npy(path, a * 0.5, dtype="int32")
    tb.save_npy(path, a * 0.5, dtype="i4", casting="unsafe")
    assert (np.load(path) == (a * 0.5).astype("i4")).all()


def test_a_file_is_replaced_by_its_own_conversion(path):
    np.save(path, np.arange(6).reshape(2, 3))
    t = tb.open_npy(path)
    tb.save_npy(path, t, order="F", dtype="f8")
    assert array(t).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert np.load(path).flags.f_contiguous
    assert os.listdir(path.parent) == ["a.npy"]


def test_the_file_is_unmapped_with_the_last_user(path):
    np.save(path, np.arange(1000))

    def mapped():
        with open("/proc/self/maps") as maps:
            return sum(str(path) in line for line in maps)

    t = tb.open_npy(path)
    view = array(t)[10:20]
    del t
    gc.collect()
    assert mapped() == 1 and view[0] == 10
    del view
    gc.collect()
    assert mapped() == 0


def test_errors(path, tmp_path):
    with pytest.raises(FileNotFoundError, match="none.npy"):
        tb.open_npy(tmp_path / "none.npy")
    with pytest.raises(OSError):
        tb.open_npy(tmp_path)
    path.write_bytes(b"no tensor at all")
    with pytest.raises(ValueError, match="not a .npy file"):
        tb.open_npy(path)
    np.save(path, np.arange(1000))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="cut short"):
        tb.open_npy(path)
    with pytest.raises(ValueError, match="cut short"):
        tb.load_npy(path)
    np.save(path, np.array([None]), allow_pickle=True)
    with pytest.raises(TypeError, match="object"):
        tb.open_npy(path)
    with pytest.raises(TypeError):
        tb.open_npy(5)
    with pytest.raises(TypeError):
        tb.save_npy(path, "text")


def test_ctrl_c_stops_a_long_save_and_leaves_no_file(tmp_path):
    code = f"""
import os, signal, sys, threading
sys.path.insert(0, {os.path.dirname(os.path.dirname(tb.__file__))!r})
import tensorbridge as tb
import numpy as np
big = np.zeros((6000, 6000)).T
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    while True:
        tb.save_npy({str(tmp_path / "big.npy")!r}, big, order="C", dtype="f4")
except KeyboardInterrupt:
    print("stopped")
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert result.stdout.strip() == "stopped", result.stderr
    assert [name for name in os.listdir(tmp_path) if name.endswith(".tmp")] == []


def test_doctor():
    report = tb.doctor()
    assert report.ok, report
    subjects = {finding.subject for finding in report}
    assert {"platform", ".NET", "processor", "native parts", "Python", "NumPy", "CUDA"} <= subjects
    assert all(finding.cure for finding in report if finding.status != "ok")
    python = next(finding for finding in report if finding.subject == "Python")
    assert sys.executable in python.finding
    assert len(str(report).splitlines()) >= len(report)


def test_devices():
    devices = tb.devices()
    cpu = next(device for device in devices if device.kind == "CPU")
    assert cpu.device == "cpu" and cpu.memory is None and cpu.warp_size > 0


def test_the_page_about_files_runs(tmp_path, monkeypatch):
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(os.path.join(root, "docs", "files.md"), encoding="utf-8") as page:
        code = page.read().split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    np.save("in.npy", np.arange(12.0, dtype="f4").reshape(3, 4))
    names = {}
    exec(code, names)
    assert np.load("out.npy").flags.f_contiguous and np.load("out.npy").dtype == np.float16
    assert np.load("new.npy").shape == (1000, 1000)
