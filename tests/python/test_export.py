"""Every protocol out: the same memory, kept alive by each export alone, and refused where it cannot be said."""

import gc

import numpy as np
import pytest
import tensorbridge as tb


def pointer(array):
    return array.__array_interface__["data"][0]


class Only:
    """Shows one attribute of a tensor and nothing else."""

    def __init__(self, tensor, name):
        self._tensor, self._name = tensor, name

    def __getattr__(self, name):
        if name.startswith("__") and name == self._name:
            return getattr(self._tensor, name)
        raise AttributeError(name)


EXPORTS = {
    "buffer": memoryview,
    "asarray": np.asarray,
    "interface": lambda t: np.asarray(Only(t, "__array_interface__")),
    "struct": lambda t: np.asarray(Only(t, "__array_struct__")),
    "dlpack": np.from_dlpack,
    "capsule": lambda t: t.__dlpack__(),
    "versioned capsule": lambda t: t.__dlpack__(max_version=(1, 0)),
    "struct capsule": lambda t: t.__array_struct__,
    "view": lambda t: t[1:],
    "field": lambda t: t.copy()[::2],
    "contiguous": tb.asarray,
}


def make(count=8):
    """A tensor whose memory belongs to the managed side."""
    return tb.asarray(np.arange(count, dtype="f4"), copy=True)


@pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
def test_each_export_alone_keeps_the_memory(export, balance):
    before = tb._core.statistics()
    t = make()
    view = export(t)
    del t
    gc.collect()
    after = tb._core.statistics()
    assert after["created"] - after["released"] > before["created"] - before["released"]
    del view
    gc.collect()
    last = tb._core.statistics()
    assert last["created"] - last["released"] == before["created"] - before["released"]


@pytest.mark.parametrize("name", ["asarray", "interface", "struct", "dlpack"])
def test_same_address_and_strides(name, balance):
    t = make(24)[::-2]
    a = EXPORTS[name](t)
    assert pointer(a) == t.ptr and a.strides == t.strides and a.shape == t.shape and a.tolist() == t.tolist()


def test_writes_go_through(balance):
    t = make()
    a = np.asarray(t)
    m = memoryview(t)
    a[3] = 99
    assert m[3] == 99 and t[3] == 99
    m[3] = 98
    assert a[3] == 98


def test_read_only(balance):
    t = tb.asarray(b"abcdefgh")
    assert t.readonly and not np.asarray(t).flags.writeable and memoryview(t).readonly
    assert t.__array_interface__["data"][1] is True
    assert not np.asarray(Only(t, "__array_struct__")).flags.writeable
    with pytest.raises(BufferError, match="read-only"):
        t.__dlpack__()
    t.__dlpack__(max_version=(1, 0))
    with pytest.raises(ValueError):
        np.asarray(t)[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        tb.copyto(t, b"12345678")


def test_interface_is_what_numpy_emits(balance):
    for a in (np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(2, 3).T, np.arange(6, dtype=">i2")[::-2], np.zeros((0, 2)), np.array(1.0), np.zeros(3, "M8[ns]"), np.zeros(2, [("a", "u1"), ("b", "f8")])):
        ours, theirs = tb.asarray(a).__array_interface__, a.__array_interface__
        if a.size == 0:
            assert ours["data"][0] != 0
            ours["data"] = theirs["data"]
            ours["strides"] = theirs["strides"]
        assert ours == theirs


@pytest.mark.parametrize("dtype", ["M8[ns]", "m8[s]", "U3", "V4", [("a", "u1"), ("b", "f4")]])
def test_struct_refuses_what_it_would_lose(dtype):
    t = tb.asarray(np.zeros(2, dtype))
    assert not hasattr(t, "__array_struct__")
    assert np.asarray(t).dtype == np.dtype(dtype)


def test_dlpack_refusals(balance):
    for a in (np.zeros(2, ">f4"), np.zeros(2, "M8[s]"), np.zeros(2, "S3"), np.zeros(2, [("a", "u1"), ("b", "f4")])["b"]):
        with pytest.raises(BufferError):
            tb.asarray(a).__dlpack__()
    t = make()
    for error, arguments in [
        (ValueError, {"stream": 1}),
        (TypeError, {"max_version": 1}),
        (TypeError, {"max_version": ("1", "0")}),
        (TypeError, {"dl_device": 1}),
        (BufferError, {"dl_device": (2, 0)}),
        (BufferError, {"dl_device": (2, 0), "copy": True}),
        (TypeError, {"copy": "yes"}),
        (TypeError, {"nonsense": 1}),
    ]:
        with pytest.raises(error):
            t.__dlpack__(**arguments)
    with pytest.raises(TypeError):
        t.__dlpack__(None)
    assert t.__dlpack_device__() == (1, 0)
    t.__dlpack__(dl_device=(1, 0), copy=False, stream=None, max_version=(1, 3))


def test_dlpack_copy(balance):
    t = make()
    copied = tb.from_dlpack(t.__dlpack__(max_version=(1, 0), copy=True))
    assert copied.ptr != t.ptr and copied.tolist() == t.tolist() and not copied.readonly


def test_dlpack_round_trip(balance):
    for dtype in ("?", "i1", "u8", "f2", "f8", "c8"):
        t = tb.asarray(np.arange(12).astype(dtype).reshape(3, 4)[:, ::-1], copy=True)[::-1]
        again = tb.from_dlpack(t.__dlpack__(max_version=(1, 3)))
        assert (again.ptr, again.shape, again.strides, again.typestr, again.readonly) == (t.ptr, t.shape, t.strides, t.typestr, False)
        legacy = tb.from_dlpack(t.__dlpack__())
        assert legacy.ptr == t.ptr and legacy.readonly
        assert not tb.from_dlpack(t.__dlpack__(), writable=True).readonly
        assert tb.from_dlpack(t.__dlpack__(max_version=(1, 0)), writable=False).readonly


def test_capsules_are_consumed_once(balance):
    for version in (None, (1, 0)):
        capsule = make().__dlpack__(max_version=version)
        tb.from_dlpack(capsule)
        assert '"used_dltensor' in repr(capsule)
        with pytest.raises(BufferError, match="consumed"):
            tb.from_dlpack(capsule)
    with pytest.raises(TypeError):
        tb.from_dlpack(make().__array_struct__)


def test_from_dlpack_arguments(balance):
    a = np.arange(3.0)
    assert tb.from_dlpack(a).ptr == pointer(a)
    assert tb.from_dlpack(a, copy=True).ptr != pointer(a)
    assert tb.from_dlpack(a, copy=False).ptr == pointer(a)
    for error, arguments in [
        (TypeError, (b"abc",)),
        (TypeError, (a, 1)),
        (ValueError, (a, "nowhere")),
        (TypeError, (a, None, 3)),
        (TypeError, ()),
    ]:
        with pytest.raises(error):
            tb.from_dlpack(*arguments)


def test_producers_of_every_age(balance):
    a = np.arange(3.0)

    class Old:
        calls = 0

        def __dlpack__(self, stream=None):
            Old.calls += 1
            return a.__dlpack__()

        def __dlpack_device__(self):
            return (1, 0)

    for _ in range(3):
        assert tb.asarray(Old(), via="dlpack").ptr == pointer(a)
    assert Old.calls == 3

    class New:
        seen = None

        def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
            New.seen = (stream, max_version, dl_device, copy)
            return tb.asarray(a).__dlpack__(max_version=max_version)

        def __dlpack_device__(self):
            return (1, 0)

    assert not tb.asarray(New(), via="dlpack").readonly
    assert New.seen == (None, (1, 3), None, None)
    tb.from_dlpack(New(), device="cpu", copy=False)
    assert New.seen == (None, (1, 3), (1, 0), False)


def test_broken_producers(balance):
    a = np.arange(3.0)

    def producer(result, device=(1, 0)):
        class Producer:
            def __dlpack__(self, **keywords):
                if isinstance(result, BaseException):
                    raise result
                return result() if callable(result) else result

            def __dlpack_device__(self):
                if isinstance(device, BaseException):
                    raise device
                return device

        return Producer()

    for error, broken in [
        (TypeError, producer(None)),
        (TypeError, producer(3)),
        (TypeError, producer(lambda: a.__array_struct__)),
        (BufferError, producer(BufferError("no"))),
        (ZeroDivisionError, producer(ZeroDivisionError())),
        (KeyboardInterrupt, producer(KeyboardInterrupt())),
        (TypeError, producer(a.__dlpack__, device=3)),
        (TypeError, producer(a.__dlpack__, device=("a", "b"))),
        (ZeroDivisionError, producer(a.__dlpack__, device=ZeroDivisionError())),
    ]:
        with pytest.raises(error):
            tb.asarray(broken, via="dlpack")


def test_buffer_requests(balance):
    import ctypes

    t = make(6)
    f = tb.asarray(np.arange(6.0).reshape(2, 3).T)
    strided = t[::2]
    assert bytes(t) == t.tobytes() and memoryview(f).f_contiguous
    for tensor, flags, works in [
        (t, 0, True),
        (f, 0, False),
        (strided, 0, False),
        (strided, 0x18, True),
        (strided, 0x8, False),
        (f, 0x38, False),
        (f, 0x58, True),
        (f, 0x98, True),
        (strided, 0x98, False),
        (tb.asarray(b"ab"), 1, False),
    ]:
        view = (ctypes.c_byte * 80)()
        get = ctypes.pythonapi.PyObject_GetBuffer
        get.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]
        if works:
            assert get(tensor, ctypes.addressof(view), flags) == 0
            release = ctypes.pythonapi.PyBuffer_Release
            release.argtypes = [ctypes.c_void_p]
            release(ctypes.addressof(view))
        else:
            with pytest.raises(BufferError):
                get(tensor, ctypes.addressof(view), flags)
    assert memoryview(tb.asarray(np.array(3.0))).shape == ()
    assert memoryview(tb.asarray(np.zeros((0, 3)))).nbytes == 0
    with pytest.raises(BufferError):
        memoryview(tb.asarray(np.zeros(2, "M8[s]")))


def test_weak_references_and_attributes(balance):
    import weakref

    t = make()
    died = []
    reference = weakref.ref(t, died.append)
    assert reference() is t
    with pytest.raises(AttributeError):
        t.anything = 1
    with pytest.raises(AttributeError):
        t.shape = (1,)
    with pytest.raises(TypeError):
        tb.Tensor()
    with pytest.raises(TypeError):
        object.__new__(tb.Tensor)
    del t
    assert died == [reference]


def test_numbers(balance):
    assert float(tb.asarray(np.array(2.5))) == 2.5 and int(tb.asarray(np.array([3]))) == 3
    assert complex(tb.asarray(np.array([1 + 2j]))) == 1 + 2j
    assert [10, 20, 30][tb.asarray(np.array(1))] == 20
    assert bool(tb.asarray(np.array([0]))) is False
    t = make(3)
    assert len(t) == 3 and list(t) == [0, 1, 2] and t.item(1) == 1 and t.item(-1) == 2
    for code in (lambda: float(t), lambda: t.item(), lambda: bool(t), lambda: len(t[0]), lambda: iter(t[0]), lambda: t.item(3), lambda: t.item(0, 0), lambda: [1][t]):
        with pytest.raises((TypeError, ValueError, IndexError)):
            code()
    assert tb.asarray(np.array(["ab"], "U3")).tolist() == ["ab"] and tb.asarray(np.array([b"ab"], "S3")).tolist() == [b"ab"]
    assert tb.asarray(np.array([1 << 63], "u8")).item() == 1 << 63
    assert tb.asarray(np.arange(4, dtype=">f4").reshape(2, 2)).tolist() == [[0, 1], [2, 3]]
    assert tb.asarray(np.zeros((2, 0, 3), ">f4")).tolist() == [[], []]


def test_basic_indexing_matches_numpy(balance):
    a = np.arange(60, dtype="i4").reshape(3, 4, 5)
    t = tb.asarray(a)
    keys = [0, -1, (1, 2), (1, 2, 3), slice(None, None, -1), (slice(1, 3), slice(None, None, 2)), Ellipsis, (Ellipsis, 0), (0, Ellipsis), None, (None, slice(None), None), (slice(5, 1), 0), (slice(-100, 100, 3),), slice(2, None, -(1 << 70)), slice(None, 1 << 70), (slice(0, 0),)]
    for key in keys:
        expected, got = a[key], t[key]
        if isinstance(expected, np.integer):
            assert type(got) is int and got == expected
            continue
        assert got.shape == expected.shape, key
        assert got.tolist() == expected.tolist(), key
        if expected.size:
            assert got.ptr == expected.__array_interface__["data"][0]
    for key in (3, (0, 0, 0, 0), (0, 4), "name", 1.5, (Ellipsis, Ellipsis), [0, 1]):
        with pytest.raises((IndexError, TypeError, ValueError)):
            t[key]
    with pytest.raises(ValueError):
        t[::0]


def test_exchange_api(balance):
    import ctypes

    capsule = tb.Tensor.__dlpack_c_exchange_api__
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = (ctypes.c_void_p * 7).from_address(get(capsule, b"dlpack_exchange_api"))
    assert (ctypes.c_uint32 * 2).from_buffer(table)[:] == [1, 3] and all(table[i] for i in range(2, 7))
    to_struct = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.POINTER(ctypes.c_void_p))(table[3])
    to_object = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.py_object))(table[4])
    borrow = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.c_void_p)(table[5])
    stream = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p))(table[6])
    t = make()[::2]
    struct = ctypes.c_void_p()
    assert to_struct(t, ctypes.byref(struct)) == 0
    result = ctypes.py_object()
    assert to_object(struct, ctypes.byref(result)) == 0
    again = result.value
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(again))  # the reference that the table gave; py_object holds none
    assert again.ptr == t.ptr and again.strides == t.strides
    del result
    borrowed = (ctypes.c_int64 * 6)()
    assert borrow(t, ctypes.addressof(borrowed)) == 0 and borrowed[0] == t.ptr
    assert (ctypes.c_int64 * 1).from_address(borrowed[4])[:] == [2]
    out = ctypes.c_void_p(1)
    assert stream(1, 0, ctypes.byref(out)) == 0 and not out.value
    with pytest.raises(TypeError):
        to_struct(3, ctypes.byref(struct))


def test_exchange_table_of_another_library(balance):
    """The table of the object's type is used, through older ones, with its work stream; each struct is deleted once."""
    import ctypes

    from fuzz import Versioned

    deleted = []
    delete = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(deleted.append)
    memory = (ctypes.c_float * 6)(*range(6))
    shape, strides = (ctypes.c_int64 * 2)(2, 3), (ctypes.c_int64 * 2)(3, 1)
    struct = Versioned()

    def fill(major=1, device=1, code=2):
        struct.major, struct.minor, struct.flags = major, 9, 0
        struct.deleter = ctypes.cast(delete, ctypes.c_void_p).value
        tensor = struct.tensor
        tensor.data, tensor.device_type, tensor.ndim, tensor.code, tensor.bits, tensor.lanes = ctypes.addressof(memory), device, 2, code, 32, 1
        tensor.shape, tensor.strides = shape, strides

    @ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.POINTER(ctypes.c_void_p))
    def from_object(_, out):
        out[0] = ctypes.addressof(struct)
        return 0

    @ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p))
    def stream(_, __, out):
        out[0] = 77
        return 0

    class Table(ctypes.Structure):
        _fields_ = [("major", ctypes.c_uint32), ("minor", ctypes.c_uint32), ("previous", ctypes.c_void_p), ("allocate", ctypes.c_void_p), ("from_object", ctypes.c_void_p), ("to_object", ctypes.c_void_p), ("borrow", ctypes.c_void_p), ("stream", ctypes.c_void_p)]

    old = Table(1, 3, None, None, ctypes.cast(from_object, ctypes.c_void_p), None, None, ctypes.cast(stream, ctypes.c_void_p))
    new = Table(2, 0, ctypes.addressof(old))
    make_capsule = ctypes.pythonapi.PyCapsule_New
    make_capsule.restype, make_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    name = b"dlpack_exchange_api"

    class Exporter:
        __dlpack_c_exchange_api__ = make_capsule(ctypes.addressof(new), name, None)

    fill()
    t = tb.asarray(Exporter())
    assert t.ptr == ctypes.addressof(memory) and t.tolist() == [[0, 1, 2], [3, 4, 5]] and t.stream is None and not t.readonly
    del t
    assert deleted == [ctypes.addressof(struct)]
    fill(device=2)
    t = tb.asarray(Exporter())
    assert t.device == "cuda:0" and t.stream == 77
    del t
    assert len(deleted) == 2
    for refused in ({"major": 2}, {"code": 99}, {"device": 99}):
        fill(**refused)
        with pytest.raises((BufferError, TypeError)):
            tb.asarray(Exporter())
        assert len(deleted) == 3, "a struct taken from a table is the importer's, whatever comes of it"
        deleted.pop()


def test_dtype(balance):
    d = tb.asarray(np.zeros(1, "f4")).dtype
    assert d == "float32" and d == "<f4" and d == np.float32 and d == np.dtype("f4") and d == tb.dtype("float32")
    assert d != ">f4" and d != "nonsense" and d != None and hash(d) == hash(tb.dtype("<f4"))  # noqa: E711
    assert str(d) == "float32" and repr(d) == "dtype('float32')" and d.itemsize == 4 and d.kind == "f" and d.names is None
    assert np.dtype(d.str) == np.float32
    assert str(tb.dtype(">i2")) == ">i2" and str(tb.dtype("M8[ns]" if False else "<M8[ns]")) == "datetime64[ns]"
    assert tb.dtype(float) == "<f8" and tb.dtype(bool) == "|b1"
    assert tb.asarray(np.zeros(1, [("a", "u1"), ("b", "f4")])).dtype.names == ("a", "b")
    with pytest.raises(AttributeError):
        d.name = "x"
