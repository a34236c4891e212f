"""Where the package does not run it says so, in one line."""

import glob
import os
import shutil
import sys

import pytest
from conftest import PACKAGES


def interpreters():
    found = sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python")) + glob.glob("/opt/python/*/bin/python3"))
    return [path for path in found if os.access(path, os.X_OK)]


def version_of(path, run_python):
    _, output, _ = run_python("import sysconfig; print('%d %d %d' % (tuple(sys.version_info[:2]) + (bool(sysconfig.get_config_var('Py_GIL_DISABLED')),)))", path)
    major, minor, free = map(int, output.split())
    return (major, minor), bool(free)


@pytest.mark.parametrize("path", interpreters(), ids=lambda path: path.split("/")[-3])
def test_every_interpreter_on_this_machine(path, run_python):
    if run_python("", path)[0] != 0:
        pytest.skip("does not run")
    version, free_threaded = version_of(path, run_python)
    if version < (3, 6):
        pytest.skip("too old for the syntax of the message")
    code, output, errors = run_python("import array, tensorbridge as tb; print(tb.asarray(array.array('d', [1, 2])).tolist())", path)
    if version < (3, 11):
        assert code == 1 and "ImportError: tensorbridge needs CPython 3.11 or newer" in errors
    elif free_threaded:
        assert code == 1 and "free-threaded" in errors
    else:
        assert (code, output, errors) == (0, "[1.0, 2.0]\n", "")


def test_without_numpy(run_python):
    code, output, errors = run_python(
        """
sys.modules['numpy'] = None
import array
import tensorbridge as tb
t = tb.asarray(array.array('f', [1, 2, 3]))
print(t.dtype, t.tolist(), tb.astype(t, 'float64').typestr, t.dtype == 'float32', repr(t.dtype))
"""
    )
    assert (code, output, errors) == (0, "float32 [1.0, 2.0, 3.0] <f8 True dtype('float32')\n", "")


def test_import_starts_nothing(run_python):
    code, output, errors = run_python("import tensorbridge as tb; print(tb._core.is_started()); tb._core.start(); print(tb._core.is_started())")
    assert (code, output, errors) == (0, "False\nTrue\n", "")


def test_without_dotnet(run_python):
    environment = {"PATH": "/nonexistent", "DOTNET_ROOT": "/nonexistent/dotnet", "HOME": "/nonexistent"}
    code, output, errors = run_python(
        """
try:
    import tensorbridge
except ImportError as error:
    print(error)
""",
        environment=environment,
    )
    if "needs the .NET 10 runtime" not in output:
        pytest.skip("this machine has .NET in a place that is always looked at")
    assert code == 0 and "DOTNET_ROOT /nonexistent/dotnet: no runtime there" in output and errors == ""


def test_bundled_runtime_comes_first(run_python, tmp_path):
    package = tmp_path / "tensorbridge"
    shutil.copytree(os.path.join(PACKAGES, "tensorbridge"), package)
    (package / "dotnet" / "shared" / "Microsoft.NETCore.App" / "9.0.1").mkdir(parents=True)
    code, output, errors = run_python(
        f"sys.path.insert(0, {str(tmp_path)!r})\nimport tensorbridge as tb\nprint(tb.__file__.startswith({str(tmp_path)!r}), tb.asarray(b'x').tolist())"
    )
    assert (code, output, errors) == (0, "True [120]\n", "")


@pytest.mark.parametrize("missing", ["_core.abi3.so", "libtensorbridge.so"])
def test_missing_native_part(missing, run_python, tmp_path):
    shutil.copytree(os.path.join(PACKAGES, "tensorbridge"), tmp_path / "tensorbridge")
    os.remove(tmp_path / "tensorbridge" / missing)
    code, _, errors = run_python(f"sys.path.insert(0, {str(tmp_path)!r})\nimport tensorbridge")
    assert code == 1 and f"tensorbridge is incomplete: {missing} missing" in errors.splitlines()[-1]


def test_missing_managed_part(run_python, tmp_path):
    shutil.copytree(os.path.join(PACKAGES, "tensorbridge"), tmp_path / "tensorbridge")
    shutil.rmtree(tmp_path / "tensorbridge" / "managed")
    code, output, errors = run_python(
        f"""
sys.path.insert(0, {str(tmp_path)!r})
import tensorbridge as tb
for _ in range(2):
    try:
        tb.asarray(b'x')
    except RuntimeError as error:
        print('starting .NET failed' in str(error))
"""
    )
    assert (code, output, errors) == (0, "True\nTrue\n", "")


def test_subinterpreter(run_python):
    code, output, errors = run_python(
        f"""
import _xxsubinterpreters as interpreters
import tensorbridge
i = interpreters.create()
try:
    interpreters.run_string(i, "import sys; sys.path.insert(0, {PACKAGES!r}); import tensorbridge")
    print('imported')
except Exception as error:
    print('main interpreter only' in str(error))
"""
        if sys.version_info < (3, 13)
        else "print(True)"
    )
    assert (code, output) == (0, "True\n"), errors


def test_core_alone_is_refused(run_python):
    code, _, errors = run_python(f"sys.path.insert(0, {os.path.join(PACKAGES, 'tensorbridge')!r})\nimport _core\n_core.asarray(b'x')")
    assert code == 1 and "import the package tensorbridge" in errors


def test_dir_and_signatures():
    import inspect

    import tensorbridge as tb

    tb.asarray(b"x")
    assert {"asarray", "copyto", "astype", "Tensor"} <= set(dir(tb))
    assert str(inspect.signature(tb.copyto)) == "(dst, src, casting='same_kind', *, progress=None, stream=None)"
    assert str(inspect.signature(tb.asarray)) == "(x, dtype=None, *, copy=None, via=None)"
    with pytest.raises(AttributeError):
        tb.no_such_operation
    for error, call in [
        (TypeError, lambda: tb.copyto()),
        (TypeError, lambda: tb.copyto(1, 2)),
        (TypeError, lambda: tb.copyto(bytearray(1), b"1", "safe", 4)),
        (TypeError, lambda: tb.copyto(bytearray(1), b"1", nonsense=1)),
        (TypeError, lambda: tb.copyto(bytearray(1), b"1", dst=1)),
        (TypeError, lambda: tb.copyto(bytearray(1), b"1", casting=1)),
        (ValueError, lambda: tb.copyto(bytearray(1), b"1", casting="nonsense")),
        (ValueError, lambda: tb.copyto(b"1", b"1")),
    ]:
        with pytest.raises(error):
            call()


def test_views_match_numpy():
    import numpy as np
    import tensorbridge as tb

    a = np.arange(24, dtype="f4").reshape(2, 3, 4)
    t = tb.asarray(a)
    for ours, theirs in [
        (t.T, a.T),
        (t.transpose(1, 2, 0), a.transpose(1, 2, 0)),
        (t.transpose((2, 0, 1)), a.transpose((2, 0, 1))),
        (t.reshape(6, -1), a.reshape(6, -1)),
        (t.reshape((24,)), a.reshape(24)),
        (t[:, :1].squeeze(), a[:, :1].squeeze()),
        (t[:, :1].squeeze(1), a[:, :1].squeeze(1)),
        (tb.broadcast_to(t[0], (5, 3, 4)), np.broadcast_to(a[0], (5, 3, 4))),
        (t.view("u2"), a.view("u2")),
    ]:
        assert (ours.shape, ours.strides, ours.ptr) == (theirs.shape, theirs.strides, theirs.__array_interface__["data"][0])
    assert tb.broadcast_to(t, (1, 2, 3, 4)).readonly
    with pytest.raises(ValueError):
        t.T.reshape(24)
    assert str(tb.describe({"shape": (2,), "typestr": "<f4", "data": (4096, True)})).startswith("tensor[float32, (2,), cpu, read-only]")
    assert repr(tb.asarray(np.array([1.5, 2]))).startswith("tensor([1.5, 2. ]")
