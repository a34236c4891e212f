"""What test_device.py runs, one case per process, with the driver stand-in in the driver's place."""

import ctypes
import gc
import os
import sys
import time

import foreign_cuda as cuda
import interpreter
import numpy as np
from dlpack_structs import Producer

import tensorbridge as tb


def raises(kind, text, call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except kind as error:
        assert text in str(error), f"{text!r} is not in: {error}"
    else:
        raise AssertionError(f"nothing was raised; expected {kind.__name__} with {text!r}")


def settle():
    gc.collect()
    cuda.advance()
    tb.devices()  # any call lets the owners go that were queued meanwhile
    time.sleep(0.01)


def eventually(value, expected):
    """Memory is given back by threads of .NET's pool, behind the device's work."""
    end = time.monotonic() + 10
    while value() != expected and time.monotonic() < end:
        settle()
    assert value() == expected, f"after 10 s it is still {value()}, not {expected}"


# ---- streams of consumers


def the_consumers_stream_waits_for_pending_work():
    mine, theirs = cuda.new_stream(), cuda.new_stream()
    x = cuda.Array(np.zeros(16, "u1"), stream=mine)
    t = tb.asarray(x)
    copies = {stream: cuda.Array(np.zeros(16, "u1")) for stream in (theirs, -1)}
    x.fill_bytes(7)
    before = cuda.calls("cuStreamSynchronize") + cuda.calls("cuCtxSynchronize")
    for stream, target in copies.items():
        tb.from_dlpack(t)  # the default stream: ordered too
        t.__dlpack__(stream=stream, max_version=(1, 0))
        reader = theirs if stream == theirs else cuda.new_stream()
        with cuda.current():
            cuda.check(cuda.driver.cuMemcpyAsync(cuda.word(target.ptr), cuda.word(x.ptr), ctypes.c_size_t(16), cuda.word(reader)))
        if stream == -1:
            cuda.synchronize(reader)
            assert target.now().tolist() == [0] * 16, "no ordering was asked for, so the copy came first"
    assert cuda.calls("cuStreamSynchronize") + cuda.calls("cuCtxSynchronize") == before + 1, "ordering made the host wait"
    assert x.now().tolist() == [0] * 16
    cuda.synchronize(theirs)
    assert copies[theirs].now().tolist() == [7] * 16


def an_array_with_both_protocols_keeps_its_own_stream():
    """As CuPy's: by __dlpack__ alone our work would run on a stream that nothing of the producer's waits for."""

    class Both(cuda.Array):
        def __dlpack_device__(self):
            return (2, self.device)

        def __dlpack__(self, **keywords):
            assert self.stream is None, "the dictionary names the stream"
            raise BufferError("asked by __dlpack__")

    for device in (0, 1):
        x = Both(np.zeros(16, "u1"), stream=cuda.new_stream(device), device=device)
        t = tb.asarray(x)
        assert t.__cuda_array_interface__["stream"] == x.stream and t.device == f"cuda:{device}"
        later = cuda.Array(np.zeros(16, "u1"), stream=x.stream, device=device)
        x.fill_bytes(5)
        tb.fill(x, 7)
        with cuda.current(device):
            cuda.check(cuda.driver.cuMemcpyAsync(cuda.word(later.ptr), cuda.word(x.ptr), ctypes.c_size_t(16), cuda.word(x.stream)))
        assert later.get().tolist() == [7] * 16
    raises(BufferError, "asked by __dlpack__", tb.from_dlpack, x.on(None))
    assert tb.asarray(x.on(None)).__cuda_array_interface__["data"][0] == x.ptr


def a_stream_that_is_none_is_refused():
    t = tb.asarray(cuda.Array(np.zeros(4, "f4"), stream=cuda.new_stream()))
    raises(ValueError, "stream is 0", t.__dlpack__, stream=0)
    raises(BufferError, "0x63", t.__dlpack__, stream=99)
    assert t.__dlpack__(stream=2, max_version=(1, 0)) is not None


def ordering_works_on_every_device():
    mine, theirs = cuda.new_stream(1), cuda.new_stream(1)
    x = cuda.Array(np.zeros(8, "u1"), stream=mine, device=1)
    copy = cuda.Array(np.zeros(8, "u1"), device=1)
    x.fill_bytes(3, cuda.LEGACY)
    x.fill_bytes(3)
    tb.asarray(x.on(cuda.LEGACY)).__dlpack__(stream=mine, max_version=(1, 0))
    tb.asarray(x).__dlpack__(stream=theirs, max_version=(1, 0))
    with cuda.current(1):
        cuda.check(cuda.driver.cuMemcpyAsync(cuda.word(copy.ptr), cuda.word(x.ptr), ctypes.c_size_t(8), cuda.word(theirs)))
    cuda.synchronize(theirs, 1)
    assert copy.now().tolist() == [3] * 8


def the_default_stream_is_another_one_on_each_device():
    near, far = (cuda.Array(np.zeros(8, "u1"), stream=cuda.LEGACY, device=number) for number in (0, 1))
    far.fill_bytes(4)
    tb.copyto(near, far)
    assert near.get().tolist() == [4] * 8, "the fill was pending on the far device"
    far.fill_bytes(5)
    tb.copyto(near, far)
    far.fill_bytes(6)
    cuda.synchronize(cuda.LEGACY, 1)
    assert (near.now().tolist(), far.now().tolist()) == ([5] * 8, [6] * 8)


# ---- copies on a device


def copies_run_on_the_arrays_own_stream():
    values = np.arange(60, dtype="f4").reshape(6, 10)
    mine = cuda.new_stream()
    x = cuda.Array(values, stream=mine)
    turned = x.strided((10, 6), (4, 40))
    assert tb.ascontiguousarray(x).ptr == x.ptr and tb.asfortranarray(turned).ptr == x.ptr
    results = {
        "C": (tb.ascontiguousarray(turned), values.T),
        "F": (tb.asfortranarray(x), values),
        "copy": (tb.copy(x), values),
        "method": (tb.asarray(turned).copy("K"), values.T),
        "cast": (tb.astype(turned, ">i2"), values.T.astype(">i2")),
        "cast C": (tb.astype(turned, "f8", "C"), values.T.astype("f8")),
    }
    for name, (result, expected) in results.items():
        interface = result.__cuda_array_interface__
        assert (result.device, result.stream, interface["stream"], interface["version"]) == ("cuda:0", mine, mine, 3), name
        assert result.ptr != x.ptr and result.dtype == expected.dtype, name
    assert results["C"][0].c_contiguous and results["F"][0].f_contiguous and results["cast"][0].f_contiguous and results["cast C"][0].c_contiguous
    x.fill_bytes(0)  # enqueued behind the copies
    for name, (result, expected) in results.items():
        assert (cuda.get(result) == expected).all(), name
    same = tb.astype(x, "f4", copy=False)
    assert same.ptr == x.ptr and tb.astype(x, "f4").ptr != x.ptr
    raises(ValueError, "copy=False", tb.ascontiguousarray, turned, copy=False)
    raises(TypeError, "same_kind", tb.astype, x, "i4", casting="same_kind")


def copies_run_on_the_stream_that_is_given():
    mine, given = cuda.new_stream(), cuda.new_stream()
    x = cuda.Array(np.zeros((3, 5), "u1"), stream=mine)
    x.fill_bytes(5)  # pending: the copy must come behind it, on another stream
    y = tb.ascontiguousarray(x.strided((5, 3), (1, 5)), stream=given)
    x.fill_bytes(9)  # the producer's later work must come behind the copy
    assert y.stream == given and cuda.pending(given) > 0 and cuda.pending(mine) > 0
    cuda.synchronize(mine)
    assert x.now().max() == x.now().min() == 9
    cuda.synchronize(given)
    assert cuda.view(y).tolist() == [[5] * 3] * 5

    x.fill_bytes(6)
    for other in (tb.copy(x, stream=given), tb.astype(x, "i4", stream=given)):
        cuda.synchronize(given)  # alone: it has to bring the fill along
        assert cuda.view(other).max() == cuda.view(other).min() == 6

    class Stream:
        ptr = given

    assert tb.copy(x, stream=Stream()).stream == given
    raises(ValueError, "has no streams", tb.copy, np.zeros(3), stream=given)
    raises(ValueError, "has no streams", tb.copyto, np.zeros(3), np.zeros(3), stream=given)


def an_array_without_a_stream_lives_until_the_copy_is_done():
    x = cuda.Array(np.arange(12, dtype="i4").reshape(3, 4))
    y = tb.ascontiguousarray(x.strided((4, 3), (4, 16)))
    assert y.stream == cuda.LEGACY
    before = cuda.live(cuda.DEVICE)
    del x
    gc.collect()
    assert cuda.live(cuda.DEVICE) == before, "the source was given back before it was read"
    assert cuda.get(y).tolist() == np.arange(12).reshape(3, 4).T.tolist()
    eventually(lambda: cuda.live(cuda.DEVICE), before - 1)


def copyto_joins_host_and_devices():
    mine, other = cuda.new_stream(), cuda.new_stream()
    values = np.arange(24, dtype="f4").reshape(4, 6)
    x, y = cuda.Array(np.zeros((4, 6), "f4"), stream=mine), cuda.Array(np.zeros((6, 4), ">f8"), stream=other)
    tb.copyto(x, values[:, ::-1])  # waits: the source has been read
    assert (x.now() == values[:, ::-1]).all()
    x.fill_bytes(0)
    tb.copyto(x, values)
    tb.copyto(y.strided((4, 6), (8, 32)), x)  # on y's stream, behind x's
    assert (y.now() == 0).all()
    assert (y.get() == values.T).all()
    x.fill_bytes(0x40)
    tb.copyto(y.strided((4, 6), (8, 32)), x)
    assert (y.get() == np.float32(3.0039215)).all(), "the fill was pending on x's stream"
    back = np.zeros((2, 4, 6), "f4")
    x.fill_bytes(0)
    tb.copyto(x, 3.0 * values)
    tb.copyto(back, x)  # broadcast, waits
    assert (back == 3 * values).all()
    far = cuda.Array(np.zeros((4, 6), "f4"), device=1)
    tb.copyto(far, x)
    assert (far.get() == 3 * values).all()
    readonly = cuda.Array(np.zeros(3, "f4"), readonly=True)
    raises(ValueError, "read-only", tb.copyto, readonly, np.zeros(3, "f4"))
    raises(ValueError, "broadcast", tb.copyto, x, np.zeros(5, "f4"))
    raises(TypeError, "same_kind", tb.copyto, cuda.Array(np.zeros(3, "i4")), np.zeros(3))


def arrays_move_between_host_and_devices():
    values = np.arange(30, dtype="i4").reshape(5, 6)
    mine = cuda.new_stream()
    x = cuda.Array(np.zeros((5, 6), "i4"), stream=mine)
    x.fill_bytes(1)
    host = tb.to_host(x)  # behind the fill
    assert host.device == "cpu" and (np.asarray(host) == 0x01010101).all()
    assert tb.to_host(host).ptr == host.ptr and tb.to_host(values).ptr == values.ctypes.data
    for source in (values, np.asfortranarray(values), values[::-1, ::2]):
        t = tb.to_device(source, "cuda", stream=mine)
        assert (t.device, t.stream) == ("cuda:0", mine) and (cuda.view(t) == source).all()
        far = t.to_device("cuda:1")
        assert far.device == "cuda:1" and (np.asarray(tb.to_host(far)) == source).all()
        assert tb.to_device(far, "cuda:1").ptr == far.ptr
        assert (np.asarray(far.to_device("cpu")) == source).all()
        assert (np.asarray(tb.to_host(t, "C")) == source).all()
    assert tb.to_device(np.asfortranarray(values), "cuda").f_contiguous
    turned = tb.to_device(values, "cuda").T
    assert (np.asarray(tb.to_host(turned[::2])) == values.T[::2]).all()
    strided = tb.to_device(turned[::2], "cuda:1")
    assert (np.asarray(tb.to_host(strided)) == values.T[::2]).all()
    for name in ("cuda_host", "cuda_managed"):
        both = tb.to_device(values, name)
        assert both.device.startswith(name) and (np.asarray(tb.to_host(both)) == values).all()
        assert (np.asarray(tb.to_host(tb.to_device(both, "cuda"))) == values).all()
    bits = tb.from_dlpack(Producer(code=17, bits=4, shape=(2, 3), strides=(3, 1)).capsule, writable=True)
    assert tb.to_device(bits, "cuda").tobytes() == bits.tobytes() and tb.to_device(tb.to_device(bits, "cuda"), "cuda:1").tobytes() == bits.tobytes()
    raises(RuntimeError, "cuda:7", tb.to_device, values, "cuda:7")
    raises(ValueError, "gpu", tb.to_device, values, "gpu")
    raises(RuntimeError, "opencl:0", tb.to_device, values, "opencl:0")
    capsule = x.__class__(values, stream=mine)
    copied = tb.from_dlpack(tb.asarray(capsule), device="cpu")
    assert copied.device == "cpu" and (np.asarray(copied) == values).all()


def memory_of_other_devices_is_refused_by_name():
    opencl = tb.from_dlpack(Producer(device_type=4, deleter=None).capsule, writable=True)
    for call in (tb.copy, tb.to_host, tb.asfortranarray, lambda t: tb.astype(t, "f8"), lambda t: tb.copyto(t, np.zeros((2, 3), "f4")), lambda t: tb.fill(t, 1)):
        raises(RuntimeError, "opencl:0", call, opencl)
    hosts = ctypes.create_string_buffer(64)
    lying = tb.from_array_interface({"data": (ctypes.addressof(hosts), False), "shape": (4,), "typestr": "<f4", "version": 3})
    assert tb.to_host(lying).ptr == lying.ptr

    class Liar:
        __cuda_array_interface__ = {"data": (ctypes.addressof(hosts), False), "shape": (4,), "typestr": "<f4", "version": 3}

    raises(RuntimeError, "no memory that CUDA knows", tb.to_host, Liar())
    x = cuda.Array(np.zeros(4, "f4"))
    raises(RuntimeError, "allocation", tb.copy, x.strided((4,), (8,)))


# ---- kernels


def kernels_run_on_the_callers_stream():
    mine, given = cuda.new_stream(), cuda.new_stream()
    saxpy = tb.load(os.environ["TENSORBRIDGE_SAMPLES"]).kernel("MyKernels.Saxpy")
    x, y = cuda.Array(np.zeros(8, "u4").view("f4"), stream=mine), cuda.Array(np.ones(8, "f4"), stream=mine)
    x.fill_bytes(0x40)  # 3.0039215 everywhere, pending
    three = np.full(4, 0x40, "u1").view("f4")[0]
    saxpy(1.0, x, y)
    assert y.now().tolist() == [1] * 8, "the launch waited"
    assert (y.get() == np.float32(1) + three).all()
    x.fill_bytes(0)
    saxpy(1.0, x, y, stream=given)
    y.fill_bytes(0)  # the owner's later work comes behind the kernel
    cuda.synchronize(given)
    assert (y.now() == np.float32(1) + three).all(), "the kernel came before the fill of x"
    assert y.get().max() == 0
    dense = tb.ascontiguousarray(cuda.Array(np.arange(16, dtype="f4"), stream=mine).strided((8,), (8,)))
    total = tb.zeros(8, "f4", device="cuda", stream=given)
    saxpy(2.0, dense, total)
    assert (cuda.get(total) == 4 * np.arange(8)).all()
    raises(RuntimeError, "different devices", saxpy, 1.0, np.zeros(8, "f4"), y)
    far = [cuda.Array(np.arange(8, dtype="f4"), stream=cuda.LEGACY, device=1) for _ in range(2)]
    saxpy(3.0, *far)
    assert (far[1].get() == 4 * np.arange(8)).all()
    raises(RuntimeError, "different devices", saxpy, 1.0, x, far[0])


# ---- new memory and values


def new_memory_comes_on_a_stream():
    mine = cuda.new_stream()
    for name, make in {"empty": tb.empty, "zeros": tb.zeros}.items():
        t = make((3, 4), "i2", device="cuda:1", stream=None)
        assert (t.device, t.stream, t.shape, t.typestr) == ("cuda:1", cuda.LEGACY, (3, 4), "<i2"), name
        t = make((3, 4), "i2", "F", device="cuda", stream=mine)
        assert (t.device, t.stream, t.f_contiguous) == ("cuda:0", mine, True), name
    assert (cuda.view(t) != 0).all(), "the zeros are enqueued, not written"
    assert (cuda.get(t) == 0).all()
    assert (cuda.get(tb.full((2, 2), 2.5, device="cuda", stream=mine)) == 2.5).all()
    assert (cuda.get(tb.full((2, 2), 7, ">u4", "F", device="cuda")) == 7).all()
    assert cuda.get(tb.full((2, 3), [1, 2, 3], "i4", device="cuda")).tolist() == [[1, 2, 3]] * 2
    assert cuda.get(tb.full((2, 3), np.arange(3), device="cuda")).tolist() == [[0, 1, 2]] * 2
    model = tb.empty_like(t, device="cuda:1", dtype="f8")
    assert (model.device, model.shape, model.typestr, model.f_contiguous) == ("cuda:1", (3, 4), "<f8", True)
    assert tb.empty_like(t).device == "cpu"
    assert tb.empty(0, device="cuda").size == 0
    pinned, managed = tb.zeros(5, device="cuda_host"), tb.zeros(5, device="cuda_managed")
    assert pinned.device == "cuda_host:0" and np.asarray(pinned).tolist() == [0] * 5
    assert managed.device == "cuda_managed:0" and managed.tolist() == [0] * 5
    raises(RuntimeError, "cuda:9", tb.empty, 3, device="cuda:9")
    raises(ValueError, "has no streams", tb.empty, 3, stream=mine)
    raises(RuntimeError, "rocm:0", tb.empty, 3, device="rocm:0")
    raises(RuntimeError, "bytes on cuda:0", tb.empty, 1 << 50, "u1", device="cuda")


def values_are_stored_in_device_memory():
    mine = cuda.new_stream()
    x = cuda.Array(np.zeros((3, 4), "f4"), stream=mine)
    t = tb.asarray(x)
    t[1] = 2
    t[:, 0] = [1, 2, 3]
    t[2, 2:] = np.array([8, 9], "i2")
    t[0, 1:3] = t[2, 2:]
    assert x.get().tolist() == [[1, 8, 9, 0], [2, 2, 2, 2], [3, 0, 8, 9]]
    before = cuda.calls("cuStreamSynchronize")
    tb.fill(t, -1, stream=mine)
    assert cuda.calls("cuStreamSynchronize") == before and x.now().min() >= 0
    assert (x.get() == -1).all()
    records = cuda.Array(np.zeros(3, [("a", "<i4"), ("b", ">f8")]).view("V12"))
    r = tb.asarray(records.on(None)).view("V12")
    assert r.tobytes() == bytes(36)
    host = np.zeros((3, 4))
    tb.asarray(host)[...] = t
    assert (host == -1).all()
    raises(OverflowError, "300", tb.fill, cuda.Array(np.zeros(3, "u1")), 300)
    raises(ValueError, "read-only", tb.fill, cuda.Array(np.zeros(3, "u1"), readonly=True), 1)


def texts_read_the_corners_only():
    mine = cuda.new_stream()
    small = cuda.Array(np.zeros((2, 3), "u1"), stream=mine)
    small.fill_bytes(4)
    assert repr(tb.asarray(small)) == "tensor([[4, 4, 4],\n        [4, 4, 4]], shape=(2, 3), dtype=uint8, device='cuda:0')"
    assert str(tb.asarray(small).T[0]) == "[4 4]"
    assert tb.asarray(small).tolist() == [[4] * 3] * 2 and tb.asarray(small)[0, 0].item() == 4
    assert tb.asarray(small).tobytes("F") == b"\x04" * 6
    big = cuda.Array(np.broadcast_to(np.arange(4000, dtype="f4"), (500, 4000)), stream=mine)
    cuda.forget()
    text = repr(tb.asarray(big))
    assert text.count("[0.000e+00, 1.000e+00, 2.000e+00, ..., 3.997e+03, 3.998e+03,") == 6
    assert cuda.bytes_to_host() == 4 * 36, "the six by six numbers of the corners, and no more"
    html = tb.asarray(big)._repr_html_()
    assert "cuda:0" in html and "3.999e+03" in html
    managed = tb.empty(3, "u1", device="cuda_managed")
    tb.fill(managed, 6)
    assert "[6, 6, 6]" in repr(managed)


def explanations_name_the_devices_kernels():
    x, y = cuda.Array(np.zeros((64, 32), "f4")), cuda.Array(np.zeros((32, 64), "f4"))
    text = tb.explain(tb.asarray(x).T, y)
    assert "on cuda:0" in text and "Tile" in text, text
    assert "the driver's copy" in tb.explain(x, tb.asarray(x)), tb.explain(x, x)
    assert "through page-locked memory" in tb.explain(np.zeros((64, 32), "f4"), x)
    assert "from device to device" in tb.explain(tb.to_device(x, "cuda:1"), x)


# ---- comparisons


def comparisons_stay_on_the_device():
    mine = cuda.new_stream()
    values = np.arange(600, dtype="f4").reshape(20, 30)
    x, other = cuda.Array(values, stream=mine), values.copy()
    other[13, 7] += 0.003
    y = cuda.Array(other)
    turned = tb.ascontiguousarray(tb.asarray(x).T).T
    cuda.forget()
    assert tb.array_equal(x, x) and tb.array_equal(x, turned) and not tb.array_equal(x, y)
    assert tb.allclose(x, y) and tb.allclose(x, y, rtol=0, atol=0.004) and not tb.allclose(x, y, rtol=0, atol=0.002)
    assert cuda.bytes_to_host() == 6 * 4, "more than the answers came to the host"
    assert not tb.array_equal(x, tb.asarray(y)[:10]) and tb.array_equal(x, tb.astype(x, ">f8"))
    raises(ValueError, "broadcast", tb.allclose, x, tb.asarray(y)[:, :7])
    assert tb.allclose(tb.asarray(x)[:, :1], tb.asarray(x)[:, :1].T.T) and tb.allclose(tb.full(5, 3, device="cuda"), 3) and not tb.array_equal(x, 3)
    x.fill_bytes(0)
    assert tb.allclose(x, 0.0), "the fill was pending"
    raises(RuntimeError, "different devices", tb.array_equal, x, values)
    raises(RuntimeError, "different devices", tb.allclose, x, tb.to_device(values, "cuda:1"))


def comparisons_say_what_those_on_the_host_say():
    special = np.array([0.0, -0.0, 1, -1, np.nan, np.inf, -np.inf, 5e-324, 1e308])
    complexes = np.array([1 + 1j, np.nan + 1j, np.inf - 1j, 3e200 + 4e200j, 0, 1e-320j])
    pairs = [(a, b) for a in special for b in special] + [(a, b) for a in complexes for b in complexes]
    for a, b in pairs:
        for nan in (False, True):
            p, q = np.array([a]), np.array([b])
            expected = tb.array_equal(p, q, nan), tb.allclose(p, q, equal_nan=nan)
            assert np.iscomplexobj(p) or expected == (np.array_equal(p, q, nan), np.allclose(p, q, equal_nan=nan))
            x, y = cuda.Array(p), cuda.Array(q)
            assert (tb.array_equal(x, y, nan), tb.allclose(x, y, equal_nan=nan)) == expected, (a, b, nan)
    for kind, other in (("i8", "u8"), ("i1", "u8"), ("u1", "i4"), ("?", "i8"), ("f2", "i2"), ("i8", "i8")):
        for a, b in ((1, 1), (-1, -1), (0, 1), (127, 127)):
            p, q = np.array([a]).astype(kind), np.array([b]).astype(other)
            same = int(p[0]) == int(q[0])
            assert tb.array_equal(cuda.Array(p), cuda.Array(q)) == same, (kind, other, a, b)
    dates = np.array(["2001-01-01", "NaT"], "M8[D]").view("i8")
    as_dates = [tb.asarray(cuda.Array(dates)).view("M8[D]") for _ in range(2)]
    assert not tb.array_equal(*as_dates) and tb.array_equal(*as_dates, equal_nan=True)
    hours = tb.asarray(cuda.Array(dates)).view("M8[h]")
    raises(TypeError, "one unit", tb.array_equal, as_dates[0], hours)
    raises(TypeError, "expected numbers", tb.allclose, *as_dates)
    opaque = [tb.asarray(cuda.Array(np.arange(n, n + 12, dtype="u1"))).view("V3") for n in (0, 0, 1)]
    assert tb.array_equal(opaque[0], opaque[1]) and not tb.array_equal(opaque[0], opaque[2]) and not tb.array_equal(opaque[0], as_dates[0])
    assert tb.array_equal(tb.empty((0, 3), device="cuda"), tb.empty((0, 3), "i4", device="cuda"))


def inspection_reads_on_the_device():
    mine = cuda.new_stream()
    values = np.arange(2000, dtype="f4").reshape(40, 50)
    values[3, 4] = np.nan
    x = cuda.Array(values, stream=mine)
    host = tb.inspect(np.asfortranarray(values)[::-1])
    cuda.forget()
    text = tb.inspect(tb.asarray(x)[:, ::-1])
    assert text.splitlines()[0].startswith("tensor[float32, (40, 50), cuda:0") and "1.950e+03" in text
    assert text.splitlines()[-1] == "min 0, max 1999, mean 999.9229614807404, NaN 1", text
    assert host.splitlines()[-1] == text.splitlines()[-1] + ", infinite 0", host
    assert cuda.bytes_to_host() < 4 * 36 + 64, f"{cuda.bytes_to_host()} bytes came to the host"
    x.fill_bytes(0)
    assert tb.inspect(x, stream=cuda.new_stream()).endswith("min 0, max 0, mean 0, NaN 0"), "the fill was pending"
    assert tb.inspect(cuda.Array(np.array([True, False, True]))).endswith("True 2, False 1")
    assert tb.inspect(cuda.Array(np.array([-3, 7], ">i8"))).endswith("min -3, max 7, mean 2")
    assert "real max 2" in tb.inspect(cuda.Array(np.array([1 + 5j, 2 - 1j])))
    assert tb.inspect(tb.empty((0, 2), device="cuda")).endswith("[]")
    assert tb.inspect(np.arange(3)).endswith("min 0, max 2, mean 1") and tb.inspect(np.zeros(3, "V2")).count("\n") == 1


# ---- the end


def everything_is_given_back():
    mine = cuda.new_stream()
    x = cuda.Array(np.arange(12.0).reshape(3, 4), stream=mine)
    tb.astype(tb.full((5, 5), [1.0] * 5, "f8", device="cuda"), "f4")
    for _ in range(20):
        settle()

    def alive():
        return [cuda.live(kind) for kind in (cuda.DEVICE, cuda.PINNED, cuda.MANAGED)]

    before = alive()
    assert before[0] <= 4, f"{before[0]} pieces of memory: the array, and what the copy engine keeps"
    for _ in range(200):
        y = tb.asfortranarray(x)
        tb.fill(y, 2)
        z = tb.from_dlpack(tb.astype(y, "f4", stream=mine))
        del y, z
    eventually(alive, before)


def each_call_of_the_driver_may_fail():
    mine, given = cuda.new_stream(), cuda.new_stream()
    values = np.arange(35, dtype="f4").reshape(5, 7)
    x, other, far = cuda.Array(values, stream=mine), cuda.Array(values), cuda.Array(values, device=1)
    turned = x.strided((7, 5), (4, 28))
    t = tb.asarray(x)
    work = {
        "asfortranarray": lambda: tb.asfortranarray(x, stream=given),
        "ascontiguousarray": lambda: tb.ascontiguousarray(turned),
        "astype": lambda: tb.astype(x, "i2"),
        "copyto": lambda: tb.copyto(x, values),
        "to_host": lambda: tb.to_host(turned),
        "to_device": lambda: tb.to_device(far, "cuda:0"),
        "full": lambda: tb.full((3, 4), 2.5, device="cuda", stream=given),
        "zeros": lambda: tb.zeros(5, device="cuda_managed"),
        "pinned": lambda: tb.full(5, 1, device="cuda_host"),
        "setitem": lambda: t.__setitem__(0, 1),
        "allclose": lambda: tb.allclose(x, other),
        "inspect": lambda: tb.inspect(x),
        "repr": lambda: repr(tb.asarray(turned)),
        "dlpack": lambda: t.__dlpack__(stream=given, max_version=(1, 0)),
    }

    def alive():
        return [cuda.live(kind) for kind in (cuda.STREAMS, cuda.MODULES, cuda.DEVICE, cuda.PINNED, cuda.MANAGED)]

    failures = 0
    for name, run in work.items():
        for _ in range(2):
            run()  # what is made once is made now
        for _ in range(5):
            settle()
        before, number = alive(), 1
        while number < 200:
            cuda.forget()
            cuda.fail_nth(number)
            try:
                run()
                done = cuda.calls(None) < number
            except (RuntimeError, BufferError, MemoryError):
                failures, done = failures + 1, False
            cuda.fail_nth(0)
            cuda.driver.fakecuda_reset_sticky()
            if done:
                break
            number += 1
        assert number > 2, name
        eventually(alive, before)
        run()
    print(failures, "calls of the driver failed")


def the_end_of_the_interpreter_closes_the_bridges():
    saxpy = tb.load(os.environ["TENSORBRIDGE_SAMPLES"]).kernel("MyKernels.Saxpy")
    for device in ("cuda:0", "cuda:1"):
        y = tb.full(5, 1, "f4", device=device)
        saxpy(2.0, tb.zeros(5, "f4", device=device), y)
        assert tb.allclose(y, 1)
    assert [cuda.driver.fakecuda_primary_references(device) for device in (0, 1)] == [3, 3], "this test, the module's bridge, the package's"
    assert cuda.live(cuda.MODULES) > 0
    del y
    tb._core._close()  # what the interpreter's atexit does
    eventually(lambda: [cuda.driver.fakecuda_primary_references(device) for device in (0, 1)], [1, 1])
    assert [cuda.live(kind) for kind in (cuda.MODULES, cuda.DEVICE, cuda.PINNED, cuda.MANAGED, cuda.STREAMS, cuda.EVENTS)] == [0] * 6


def what_others_own_is_given_back_before_the_interpreter_ends():
    import weakref

    given = cuda.new_stream()
    kept = tb.zeros(3, device="cuda", stream=given)  # keeps the accelerator, too
    arrays = []
    for _ in range(50):
        x = cuda.Array(np.arange(12, dtype="f4").reshape(3, 4))
        arrays.append(weakref.ref(x))
        tb.ascontiguousarray(x.strided((4, 3), (4, 16)), stream=given)
        del x
    assert sum(array() is not None for array in arrays) == 50, "they were given back before they were read"
    tb._core._close()
    assert sum(array() is not None for array in arrays) == 0
    late = cuda.Array(np.zeros(4, "f4"))
    assert cuda.pending(given) == 0 and tb.copy(late, stream=given).size == 4 and kept.size == 3


def a_process_may_end_with_work_pending():
    kept = [tb.copy(cuda.Array(np.zeros((3, 4)), stream=cuda.new_stream()).strided((4, 3), (8, 32))) for _ in range(3)]
    tb.kept = kept


if __name__ == "__main__":
    try:
        globals()[sys.argv[1]]()
    except RuntimeError:
        print("the interpreter's last fault:", interpreter.last_fault(), file=sys.stderr)
        raise
    print("done")
