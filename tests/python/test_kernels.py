"""C# kernels from Python: loading, arguments, engines, errors, lifetimes, signals."""

import ctypes
import gc
import importlib.resources
import inspect
import os
import pathlib
import pickle
import shutil
import sys
import threading
import time

import numpy as np
import pytest

import tensorbridge as tb

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINES = ["host", "emulator"]


def sample_path():
    """The sample assembly of the configuration built last."""
    folder = ROOT / "artifacts" / "dotnet" / "bin" / "TensorBridge.SampleKernels"
    found = sorted(folder.glob("*/TensorBridge.SampleKernels.dll"), key=os.path.getmtime)
    assert found, "build the solution first: tests/TensorBridge.SampleKernels is missing"
    return found[-1]


@pytest.fixture(scope="module")
def mod():
    with tb.load(sample_path()) as module:
        yield module


# ---- modules ------------------------------------------------------------------------------------------------


def test_modules_list_names_and_signatures(mod):
    kernels = {info.signature: info for info in mod.kernels()}
    saxpy = kernels["MyKernels.Saxpy(alpha: float32, x: tensor[float32, (*)], y: tensor[float32, (*)]) over Index1D"]
    assert saxpy.name == "MyKernels.Saxpy" and saxpy.engine == "host"
    assert {info.engine for info in mod.kernels()} == {"host", "emulator", "method"}
    kernel = mod.kernel("Saxpy")
    assert kernel is mod.kernel("Saxpy")
    assert (kernel.name, kernel.signature, kernel.engine) == tuple(saxpy)
    assert "Saxpy(alpha: float32" in repr(kernel) and "Saxpy(alpha: float32" in kernel.__doc__
    assert mod.kernel("UsesLocalMemory").refusal == "it uses LocalMemory.Allocate1D"


def test_names_that_are_no_kernel(mod):
    with pytest.raises(KeyError, match="it has: BridgeKernels.Add"):
        mod.kernel("Nothing")
    with pytest.raises(KeyError, match="returns void"):
        mod.kernel("NoKernel")
    with pytest.raises(KeyError, match="names 2 kernels"):
        mod.kernel("Twice")


def test_files_that_are_no_assembly(tmp_path):
    with pytest.raises(FileNotFoundError):
        tb.load(tmp_path / "missing.dll")
    (tmp_path / "text.dll").write_text("no assembly")
    with pytest.raises(ValueError, match="no .NET assembly"):
        tb.load(str(tmp_path / "text.dll"))
    with pytest.raises(TypeError):
        tb.load(3)


def test_a_package_resource_can_be_loaded(tmp_path, monkeypatch):
    package = tmp_path / "kernelpackage"
    package.mkdir()
    (package / "__init__.py").write_text("")
    shutil.copy(sample_path(), package / "Kernels.dll")
    monkeypatch.syspath_prepend(tmp_path)
    with tb.load(importlib.resources.files("kernelpackage") / "Kernels.dll") as module:
        x = np.ones(4, np.int32)
        module.kernel("Divide")(1, x)


def test_a_closed_module_says_so():
    module = tb.load(os.fspath(sample_path()))
    kernel = module.kernel("Divide")
    x = np.full(4, 6, np.int32)
    kernel(2, x)
    module.close()
    module.close()
    assert module.closed and "closed" in repr(module)
    with pytest.raises(ValueError, match="closed"):
        kernel(2, x)
    with pytest.raises(ValueError, match="closed"):
        module.kernels()
    assert x.tolist() == [3] * 4


def test_a_kernel_keeps_its_module():
    x = np.full(4, 6, np.int32)
    kernel = tb.load(sample_path()).kernel("Divide")
    gc.collect()
    kernel(2, x)
    assert x.tolist() == [3] * 4


def test_kernels_belong_to_one_process(mod):
    for thing in (mod, mod.kernel("Saxpy")):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(thing)


# ---- calls --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_saxpy_in_place(mod, engine):
    x = np.arange(12, dtype=np.float32)
    y = np.full((3, 4), 100, np.float32)
    address = y.__array_interface__["data"]
    assert mod.kernel("MyKernels.Saxpy")(2.0, x, y, engine=engine) is None
    assert y.__array_interface__["data"] == address
    assert np.array_equal(y.ravel(), 100 + 2 * np.arange(12))


@pytest.mark.parametrize("engine", ENGINES)
def test_strided_arrays(mod, engine):
    x = np.arange(6, dtype=np.float32).reshape(3, 2).T
    y = np.zeros((4, 12), np.float32)[::2, ::4]
    mod.kernel("Saxpy2D")(10, x, y, engine=engine)
    assert np.array_equal(y, 10 * x)
    a = np.arange(12, dtype=np.int32).reshape(3, 4)
    mod.kernel("Negate")(a[::-1, ::2], engine=engine)
    assert a.tolist() == [[0, 1, -2, 3], [-4, 5, -6, 7], [-8, 9, -10, 11]]
    total = np.ones((3, 4), np.int32)
    mod.kernel("BridgeKernels.Add")(np.broadcast_to(np.arange(4, dtype=np.int32), (3, 4)), total, engine=engine)
    assert np.array_equal(total, 1 + np.broadcast_to(np.arange(4), (3, 4)))


def test_anything_with_an_array_protocol(mod):
    saxpy = mod.kernel("Saxpy")
    x, y = np.ones(3, np.float32), np.zeros(3, np.float32)
    saxpy(1, tb.asarray(x), memoryview(y))
    saxpy(1, x.__array_interface__ and tb.from_array_interface(x.__array_interface__), y)
    assert y.tolist() == [2, 2, 2]


@pytest.mark.parametrize("number", [2, 2.0, True + 1, np.float32(2), np.float64(2), np.int16(2), np.array(2), np.float16(2)])
def test_numbers_of_any_kind(mod, number):
    x, y = np.ones(3, np.float32), np.zeros(3, np.float32)
    mod.kernel("Saxpy")(number, x, y)
    assert y.tolist() == [2, 2, 2]


def test_numbers_that_do_not_fit(mod):
    y = np.zeros(2)
    scalars = mod.kernel("Scalars")
    with pytest.raises(OverflowError, match=r"argument 1 'small': expected uint8, got int 256; the range is 0 to 255"):
        scalars(256, 0, 0, y)
    with pytest.raises(TypeError, match=r"argument 2 'large': expected int64, got float 1.5"):
        scalars(1, 1.5, 0, y)
    with pytest.raises(OverflowError):
        scalars(1, 2**63, 0, y)
    with pytest.raises(OverflowError):
        scalars(1, 2**200, 0, y)
    with pytest.raises(TypeError, match="got None"):
        scalars(1, None, 0, y)
    with pytest.raises(TypeError, match="argument 4 'result': expected tensor.*got int 1"):
        scalars(1, 1, 1, 1)
    with pytest.raises(TypeError, match="takes 4 arguments, got 3"):
        scalars(1, 1, y)
    with pytest.raises(TypeError, match="argument 4: .*got a list"):
        scalars(1, 1, 1, [1.0])


def test_arrays_that_do_not_fit(mod):
    saxpy = mod.kernel("Saxpy")
    x = np.zeros((4, 3), np.float32)
    locked = x.copy()
    locked.flags.writeable = False
    with pytest.raises(ValueError, match=r"argument 3 'y': expected tensor\[float32, \(\*\), cpu.*\], got tensor\[float64, \(4, 3\), cpu\]"):
        saxpy(1, x, np.zeros((4, 3)))
    with pytest.raises(ValueError, match="dense in C order"):
        saxpy(1, x, np.zeros((8, 3), np.float32)[::2])
    with pytest.raises(ValueError, match="may write"):
        saxpy(1, x, locked)
    with pytest.raises(ValueError, match="disagree"):
        saxpy(1, x, np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="swapped"):
        saxpy(1, x, x.astype(">f4"))
    mod.kernel("BridgeKernels.Copy")(locked, x)


@pytest.mark.parametrize("engine", ENGINES)
def test_extents(mod, engine):
    codes, table, result = np.array([2, 0, 1], np.uint8), np.array([5, 6, 7], np.float32), np.zeros(3, np.float32)
    lookup = mod.kernel("Lookup")
    lookup(codes, table, result, extent=(2,), engine=engine)
    assert result.tolist() == [7, 5, 0]
    lookup(codes, table, result, extent=3, engine=engine)
    assert result.tolist() == [7, 5, 6]
    with pytest.raises(ValueError, match="rank 1"):
        lookup(codes, table, result, extent=(3, 1))
    with pytest.raises(ValueError, match="negative"):
        lookup(codes, table, result, extent=-1)


@pytest.mark.parametrize("engine", ENGINES)
def test_records(mod, engine):
    particle = np.dtype([("x", "<f4"), ("y", "<f4"), ("id", "<i8")])
    particles = np.zeros(3, particle)
    mod.kernel("Move")(np.array((1.5, -2, 0), particle), particles, engine=engine)
    mod.kernel("Move")(particles[0].copy(), particles, engine=engine)
    assert particles["x"].tolist() == [3] * 3 and particles["y"].tolist() == [-4] * 3


@pytest.mark.parametrize("engine", ENGINES)
def test_dense_parameters_are_copied_and_written_back(mod, engine):
    a = np.full((2, 3), -1, np.int32)
    mod.kernel("BridgeKernels.Count")(a.T, engine=engine)
    assert a.tolist() == [[0, 2, 4], [1, 3, 5]]


def test_grouped_kernels(mod):
    reverse = mod.kernel("ReverseGroups")
    a = np.arange(64, dtype=np.int32)
    reverse[2, 32](a)
    assert a.tolist() == [*range(31, -1, -1), *range(63, 31, -1)]
    reverse[(2,), (32, 1, 1)](a)
    assert a.tolist() == list(range(64))
    with pytest.raises(ValueError, match="explicitly grouped"):
        reverse(a)
    with pytest.raises(TypeError, match=r"\[grid, group\]"):
        reverse[2]
    with pytest.raises(ValueError, match="exceeds the 1024 threads"):
        reverse[1, 1025](a)
    with pytest.raises(ValueError, match="grid is"):
        reverse[0, 32](a)
    with pytest.raises(ValueError, match="takes an index"):
        mod.kernel("Divide")[1, 1](1, a)


def test_engines_and_accelerators(mod):
    a = np.ones(4, np.int32)
    mod.kernel("Divide")(1, a, accelerator="cpu")
    with pytest.raises(TypeError, match="cannot run on the host engine: it uses LocalMemory"):
        mod.kernel("UsesLocalMemory")(a, engine="host")
    with pytest.raises(ValueError, match="'auto', 'host' or 'emulator'"):
        mod.kernel("Divide")(1, a, engine="gpu")
    with pytest.raises(RuntimeError, match="are on cpu"):
        mod.kernel("Divide")(1, a, accelerator="cuda:0")
    with pytest.raises(TypeError, match="unexpected keyword argument 'engin'"):
        mod.kernel("Divide")(1, a, engin="host")


def test_streams_of_other_libraries(mod):
    a = np.ones(4, np.int32)
    divide = mod.kernel("Divide")

    class Stream:
        def __init__(self, **attributes):
            self.__dict__.update(attributes)

    class Protocol:
        def __cuda_stream__(self):
            return 0, 7

    # On host memory a stream means nothing, but it is read all the same.
    for stream in (1, None, Stream(ptr=5), Stream(cuda_stream=0), Stream(handle=ctypes.c_void_p()), Protocol()):
        divide(1, a, stream=stream)
    for stream in ("legacy", Stream(), Stream(ptr="5")):
        with pytest.raises((TypeError, AttributeError)):
            divide(1, a, stream=stream)


def test_exported_host_methods(mod):
    a = np.arange(4, dtype=np.int32)
    count = sys.getrefcount(a)
    reversed_ = mod.kernel("Reversed")(a)
    view = np.asarray(reversed_)
    assert view.tolist() == [3, 2, 1, 0] and np.shares_memory(view, a)
    view[0] = 30
    assert a[3] == 30
    del view, reversed_
    gc.collect()
    assert sys.getrefcount(a) == count
    assert mod.kernel("Describe")("n", 3, 2.5, True) == "n 3 2.5!"
    with pytest.raises(TypeError, match="argument 2 'count': expected int32, got float 0.5"):
        mod.kernel("Describe")("n", 0.5, 2.5, True)
    with pytest.raises(ValueError, match="as asked"):
        mod.kernel("Fail")()


# ---- failures of kernels -----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("offset", [-1, 1, -(2**31), 2**31 - 1])
def test_an_index_out_of_range_is_an_index_error(mod, engine, offset):
    with pytest.raises(IndexError, match="MyKernels.Poke"):
        mod.kernel("Poke")(offset, np.zeros(8, np.int32), engine=engine)


def test_index_errors_name_the_argument(mod):
    with pytest.raises(IndexError, match=r"argument 3 'view': index \(0, 8\) is out of range for shape \(8, 8\)"):
        mod.kernel("Poke2D")(0, 1, np.zeros((8, 8), np.int32))


def test_a_kernel_that_does_not_compile_spoils_no_other(mod):
    a = np.full(4, 6, np.int32)
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot compile MyKernels.DoesNotCompile"):
            mod.kernel("DoesNotCompile")(a, engine="emulator")
    mod.kernel("Divide")(2, a, engine="emulator")
    assert a.tolist() == [3] * 4


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_ends_a_long_kernel(engine, run_python):
    program = f"""
import os, signal, threading, time
import numpy as np, tensorbridge as tb
slow = tb.load({os.fspath(sample_path())!r}).kernel("Slow")
a = np.zeros(400_000 if {engine!r} == "host" else 4000)
slow(1, a[:16], engine={engine!r})
start = time.perf_counter()
try:
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    slow(1_000_000, a, engine={engine!r})
except KeyboardInterrupt:
    print("interrupted", time.perf_counter() - start < 20)
slow(1, a[:16], engine={engine!r})
print("usable")
"""
    code, output, errors = run_python(program, timeout=120)
    assert (code, output.split("\n")[:2]) == (0, ["interrupted True", "usable"]), errors


# ---- threads, garbage ---------------------------------------------------------------------------------------


def test_threads_and_garbage_collection(mod):
    kernel = mod.kernel("AddSpecialized")
    arrays = [np.zeros(1000, np.int32) for _ in range(4)]

    def work(value, array):
        for i in range(300):
            kernel(value, array)
            if i % 50 == 0:
                gc.collect()

    threads = [threading.Thread(target=work, args=(i, array)) for i, array in enumerate(arrays)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, array in enumerate(arrays):
        assert np.all(array == 300 * i)


def test_the_gil_is_free_during_a_launch(mod):
    a = np.zeros(20_000)
    ticks = []
    thread = threading.Thread(target=lambda: mod.kernel("Slow")(20_000, a))
    thread.start()
    while thread.is_alive():
        ticks.append(1)
        time.sleep(0.001)
    thread.join()
    assert len(ticks) > 2


def test_arguments_are_let_go(mod):
    x, y = np.ones(12, np.float32), np.ones(12, np.float32)
    counts = sys.getrefcount(x), sys.getrefcount(y)
    for _ in range(100):
        mod.kernel("Saxpy")(1, x, y)
    with pytest.raises(ValueError):
        mod.kernel("Saxpy")(1, x, y[:3])
    gc.collect()
    assert (sys.getrefcount(x), sys.getrefcount(y)) == counts


def test_help_and_signatures():
    assert "extent" in inspect.getdoc(tb.Kernel)
    assert list(inspect.signature(tb.load).parameters) == ["path"]
    assert "package resource" in inspect.getdoc(tb.load)
