"""Objects of every protocol come in without a copy; the addresses are compared."""

import array
import ctypes
import mmap

import numpy as np
import pytest
import tensorbridge as tb

VIAS = ["buffer", "array_struct", "array_interface", "dlpack"]


def pointer(array_like):
    return np.asarray(array_like).__array_interface__["data"][0]


@pytest.mark.parametrize("via", [None, *VIAS])
@pytest.mark.parametrize(
    "view",
    [
        np.arange(24, dtype="f4").reshape(2, 3, 4),
        np.arange(24, dtype="f4").reshape(2, 3, 4)[::-1, :, ::2],
        np.arange(24, dtype="i8").reshape(4, 6).T,
        np.broadcast_to(np.arange(3, dtype="u2"), (4, 3)),
        np.array(7, dtype="c16"),
        np.zeros((0, 3), "f8"),
        np.arange(6, dtype="i2")[None, :, None],
    ],
    ids=["c", "negative", "f", "broadcast", "scalar", "empty", "ones"],
)
def test_same_memory(view, via, balance):
    if via == "dlpack" and not view.flags.writeable and np.lib.NumpyVersion(np.__version__) < "2.1.0":
        pytest.skip("this NumPy exports no read-only arrays by DLPack")
    t = tb.asarray(view, via=via)
    assert t.shape == view.shape
    assert t.typestr == view.dtype.str
    assert t.itemsize == view.itemsize and t.size == view.size and t.nbytes == view.nbytes and t.ndim == view.ndim
    assert t.device == "cpu"
    if view.size:
        assert t.ptr == pointer(view)
        assert all(a == b for a, b, n in zip(t.strides, view.strides, view.shape) if n > 1)
    assert t.tolist() == view.tolist()
    if via != "dlpack":
        assert t.readonly == (not view.flags.writeable)


@pytest.mark.parametrize("dtype", ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", ">i2", ">u4", ">f8", ">c8", "S5", "U3", ">U3", "V7", "M8[ns]", "m8[10us]", ">M8[D]", "M8"])
def test_every_element_type(dtype, balance):
    a = np.zeros(4, dtype)
    t = tb.asarray(a)
    assert t.typestr == a.dtype.str and t.ptr == pointer(a)
    assert t.dtype == a.dtype
    back = np.asarray(t)
    assert back.dtype == a.dtype and pointer(back) == pointer(a)


def test_record(balance):
    dtype = np.dtype([("a", "u1"), ("b", ">f8"), ("c", "i2", (2, 3)), ("d", [("x", "f4"), ("y", "S3")])], align=False)
    a = np.zeros(3, dtype)
    a["b"] = [1, 2, 3]
    t = tb.asarray(a)
    assert t.dtype == dtype
    assert t["b"].tolist() == [1, 2, 3] and t["b"].ptr == pointer(a) + 1
    assert t["d"]["y"].typestr == "|S3" and t["c"].shape == (3, 2, 3)
    assert np.asarray(t).dtype == dtype


@pytest.mark.parametrize("dtype, expected", [("g", TypeError), ("G", TypeError), ("O", TypeError)])
def test_refused_types(dtype, expected, balance):
    with pytest.raises(expected):
        tb.asarray(np.zeros(2, dtype))


def test_buffers(balance):
    for source, typestr in [
        (b"abcd", "|u1"),
        (bytearray(b"abcd"), "|u1"),
        (memoryview(b"abcd"), "|u1"),
        (array.array("d", [1, 2]), "<f8"),
        (array.array("l", [1, 2]), "<i8"),
        ((ctypes.c_int32 * 3)(1, 2, 3), "<i4"),
        (mmap.mmap(-1, 64), "|u1"),
    ]:
        t = tb.asarray(source)
        assert t.typestr == typestr and t.tolist() == list(memoryview(t)), source
        del t
    assert tb.asarray(b"abcd").readonly and not tb.asarray(bytearray(4)).readonly


def test_buffer_stays_locked_while_in_use(balance):
    source = bytearray(8)
    t = tb.asarray(source)
    with pytest.raises(BufferError):
        source.append(1)
    part = t[2:4]
    del t
    with pytest.raises(BufferError):
        source.append(1)
    del part
    source.append(1)


class Holder:
    """Offers one attribute and nothing else."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def test_object_and_dictionary_are_kept(balance):
    import weakref

    class Exporter:
        @property
        def __array_interface__(self):
            Exporter.reads += 1
            self.anchor = np.arange(3.0)
            interface = dict(self.anchor.__array_interface__)
            interface["__ref"] = self.anchor
            return interface

    Exporter.reads = 0
    exporter = Exporter()
    alive = weakref.ref(exporter)
    t = tb.asarray(exporter)
    assert Exporter.reads == 1
    del exporter
    assert alive() is not None and t.tolist() == [0, 1, 2]
    del t
    assert alive() is None


def test_struct_keeps_capsule_and_object(balance):
    a = np.arange(4, dtype="f4")
    holder = Holder(__array_struct__=a.__array_struct__)
    address = pointer(a)
    del a
    t = tb.asarray(holder)
    del holder
    assert t.ptr == address and t.tolist() == [0, 1, 2, 3]


def test_cuda_interface_without_a_gpu(balance):
    interface = {"shape": (2, 3), "typestr": "<f4", "data": (0x7F0000000000, False), "version": 3, "stream": 7}
    t = tb.asarray(Holder(__cuda_array_interface__=interface))
    assert t.device == "cuda:0" and t.stream == 7 and t.shape == (2, 3)
    assert t.__cuda_array_interface__["data"] == (0x7F0000000000, False)
    assert t.__cuda_array_interface__["stream"] == 7
    assert not hasattr(t, "__array_interface__") and not hasattr(t, "__array_struct__")
    with pytest.raises(BufferError):
        memoryview(t)
    with pytest.raises((ValueError, TypeError)):
        tb.asarray(Holder(__cuda_array_interface__={**interface, "stream": 0}))
    with pytest.raises(RuntimeError):
        t.tolist()


def test_instances_of_one_type_may_differ():
    """No protocol is ever concluded to be absent from another instance of the type."""
    a = np.arange(3.0)
    assert tb.asarray(Holder(__array_interface__=a.__array_interface__)).ptr == pointer(a)
    with pytest.raises(TypeError):
        tb.asarray(Holder())
    assert tb.asarray(Holder(__array_struct__=a.__array_struct__)).ptr == pointer(a)
    assert tb.asarray(Holder(__array_interface__=a.__array_interface__)).ptr == pointer(a)


def test_properties_that_raise():
    class Raises:
        def __init__(self, error):
            self.error = error

        @property
        def __array_interface__(self):
            raise self.error

    with pytest.raises(TypeError, match="expected an array"):
        tb.asarray(Raises(AttributeError("x")))
    for error in (ZeroDivisionError("x"), KeyboardInterrupt(), RuntimeError("x")):
        with pytest.raises(type(error)):
            tb.asarray(Raises(error))


def test_forced_protocol_that_is_absent():
    with pytest.raises(TypeError, match="does not offer the protocol 'dlpack'"):
        tb.asarray(b"abc", via="dlpack")
    with pytest.raises(ValueError, match="via"):
        tb.asarray(b"abc", via="nonsense")
    with pytest.raises(TypeError, match="via"):
        tb.asarray(b"abc", via=3)


def test_tensor_is_itself(balance):
    t = tb.asarray(np.arange(3.0))
    assert tb.asarray(t) is t
    assert tb.asarray(t, copy=False) is t
    assert tb.asarray(t, copy=True) is not t


def test_copy_argument(balance):
    a = np.arange(6, dtype="f4").reshape(2, 3)[:, ::-1]
    assert tb.asarray(a, copy=None).ptr == pointer(a)
    assert tb.asarray(a, copy=False).ptr == pointer(a)
    made = tb.asarray(a, copy=True)
    assert made.ptr != pointer(a) and made.tolist() == a.tolist() and made.c_contiguous
    with pytest.raises(TypeError, match="copy"):
        tb.asarray(a, copy=1)


def test_dtype_argument(balance):
    a = np.arange(3, dtype="f4")
    for same in ("<f4", "float32", np.float32, np.dtype("f4"), "=f4"):
        assert tb.asarray(a, same).ptr == pointer(a), same
    cast = tb.asarray(a, dtype=np.float64)
    assert cast.typestr == "<f8" and cast.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="copy=False"):
        tb.asarray(a, "<f8", copy=False)
    with pytest.raises(TypeError):
        tb.asarray(a, "no such type")
    with pytest.raises(TypeError):
        tb.asarray(a, 12)


def test_arguments():
    with pytest.raises(TypeError):
        tb.asarray()
    with pytest.raises(TypeError):
        tb.asarray(b"", None, None)
    with pytest.raises(TypeError):
        tb.asarray(b"", nonsense=1)
    with pytest.raises(TypeError):
        tb.asarray(b"", x=b"")
    assert tb.asarray(x=b"ab").shape == (2,)
