"""The bare dictionary, its text, a pointer, a buffer."""

import json
import weakref

import numpy as np
import pytest
import tensorbridge as tb


@pytest.fixture
def source():
    return np.arange(12, dtype="f4").reshape(3, 4)


def test_bare_dictionary(source, balance):
    interface = {"data": (source.ctypes.data, False), "shape": (3, 4), "typestr": "<f4"}
    t = tb.from_array_interface(interface)
    assert t.ptr == source.ctypes.data and t.tolist() == source.tolist() and not t.readonly
    assert tb.asarray(interface).ptr == t.ptr
    assert np.asarray(t).__array_interface__["data"][0] == source.ctypes.data


def test_text_forms(source, balance):
    view = source[:, ::-2]
    interface = view.__array_interface__
    for text in (str(interface), json.dumps({**interface, "descr": None}), repr(dict(interface, descr=[("", "<f4")]))):
        t = tb.from_array_interface(text)
        assert t.ptr == view.__array_interface__["data"][0] and t.strides == view.strides and t.tolist() == view.tolist()


def test_owner_lives_as_long_as_the_memory(balance):
    class Owner:
        pass

    owner = Owner()
    owner.memory = np.arange(3.0)
    alive = weakref.ref(owner)
    t = tb.from_array_interface(owner.memory.__array_interface__, owner)
    view = np.asarray(t)[1:]
    del owner, t
    assert alive() is not None and view.tolist() == [1, 2]
    del view
    assert alive() is None


def test_copy(source, balance):
    interface = source.__array_interface__
    assert tb.from_array_interface(interface, copy=True).ptr != source.ctypes.data
    assert tb.from_array_interface(interface, copy=False).ptr == source.ctypes.data


def test_data_as_buffer(balance):
    memory = bytearray(range(16))
    t = tb.from_array_interface({"data": memory, "shape": (3,), "typestr": "<i2", "offset": 4})
    assert t.tolist() == [0x0504, 0x0706, 0x0908] and not t.readonly
    assert tb.from_array_interface({"data": bytes(memory), "shape": (3,), "typestr": "<i2"}).readonly
    with pytest.raises(BufferError):
        memory.clear()
    with pytest.raises(ValueError):
        tb.from_array_interface({"data": memory, "shape": (9,), "typestr": "<i2"})
    with pytest.raises(ValueError):
        tb.from_array_interface({"data": memory, "shape": (2,), "typestr": "<i2", "offset": -2})
    with pytest.raises(ValueError):
        tb.from_array_interface({"data": memory, "shape": (2,), "strides": (-2,), "typestr": "<i2"})
    assert tb.from_array_interface({"data": memory, "shape": (2,), "strides": (-2,), "typestr": "<i2", "offset": 2}).tolist() == [0x0302, 0x0100]


def test_data_none_means_the_object(balance):
    class Exporter(bytearray):
        @property
        def __array_interface__(self):
            return {"data": None, "shape": (2,), "typestr": "<i2", "version": 3}

    assert tb.asarray(Exporter(b"\1\0\2\0"), via="array_interface").tolist() == [1, 2]


def test_from_pointer(source, balance):
    address = source.ctypes.data
    assert tb.from_pointer(address, "<f4", (3, 4)).tolist() == source.tolist()
    assert tb.from_pointer(address, np.float32, [2, 2], strides=(16, 4)).tolist() == [[0, 1], [4, 5]]
    assert tb.from_pointer(np.int64(address), "float32", 3).tolist() == [0, 1, 2]
    assert tb.from_pointer(address, "<f4", (3,), readonly=True).readonly
    assert tb.from_pointer(address, "<f4", (3,), copy=True).ptr != address
    assert tb.from_pointer(0, "<f4", (0, 3)).size == 0
    for error, arguments in [
        (ValueError, (0, "<f4", (3,))),
        (ValueError, (address, "<f4", (-1,))),
        (TypeError, ("address", "<f4", (3,))),
        (TypeError, (1.5, "<f4", (3,))),
        (TypeError, (address, "no such type", (3,))),
        (TypeError, (address, "<f4", "abc")),
        (TypeError, (address, "<f4", (1.5,))),
        (OverflowError, (1 << 64, "<f4", (3,))),
        (OverflowError, (address, "<f4", (1 << 70,))),
        (ValueError, (address, "<f4", (2,), (4, 4))),
    ]:
        with pytest.raises(error):
            tb.from_pointer(*arguments)


def test_from_pointer_owner(balance):
    memory = np.arange(3.0)
    alive = weakref.ref(memory)
    t = tb.from_pointer(memory.ctypes.data, "<f8", (3,), owner=memory)
    del memory
    assert alive() is not None and t.tolist() == [0, 1, 2]
    del t
    assert alive() is None


def test_frombuffer(balance):
    memory = bytearray(range(12))
    assert tb.frombuffer(memory, "<i4").shape == (3,)
    assert tb.frombuffer(memory, "<i4", offset=4).tolist() == [0x07060504, 0x0B0A0908]
    assert tb.frombuffer(memory, "|u1", (2, 3), strides=(1, 4)).tolist() == [[0, 4, 8], [1, 5, 9]]
    assert tb.frombuffer(b"abcd", "|u1").readonly
    for error, arguments in [
        (ValueError, (memory, "<i4", (4,))),
        (ValueError, (memory, "<i4", (1,), 9)),
        (ValueError, (memory, "<i4", None, -4)),
        (TypeError, (3, "<i4")),
        (TypeError, ("text", "<i4")),
        (TypeError, (memory, "<i4", None, "x")),
        (BufferError, (memoryview(memory)[::2], "|u1")),
    ]:
        with pytest.raises(error):
            tb.frombuffer(*arguments)


GOOD = {"shape": (2,), "typestr": "<f4", "data": (4096, False), "version": 3}


@pytest.mark.parametrize(
    "change, error",
    [
        ({"shape": None}, TypeError),
        ({"shape": [2]}, TypeError),
        ({"shape": 2}, TypeError),
        ({"shape": ("2",)}, TypeError),
        ({"shape": (2.0,)}, TypeError),
        ({"shape": (-1,)}, ValueError),
        ({"shape": (-1, -1)}, ValueError),
        ({"shape": (1 << 63,)}, OverflowError),
        ({"shape": (1 << 32, 1 << 32)}, OverflowError),
        ({"shape": (1,) * 65}, ValueError),
        ({"typestr": None}, TypeError),
        ({"typestr": b"<f4"}, TypeError),
        ({"typestr": "f4"}, TypeError),
        ({"typestr": "<f3"}, TypeError),
        ({"typestr": "<f4 "}, TypeError),
        ({"typestr": "<f\u0664"}, TypeError),
        ({"typestr": "|O"}, TypeError),
        ({"typestr": "|O8"}, TypeError),
        ({"typestr": "<f16"}, TypeError),
        ({"typestr": "|t4"}, TypeError),
        ({"typestr": "<M8[xx]"}, TypeError),
        ({"typestr": "|V99999999999999999999"}, TypeError),
        ({"typestr": "\ud800"}, TypeError),
        ({"data": 4096}, TypeError),
        ({"data": (4096,)}, TypeError),
        ({"data": (4096, False, 1)}, TypeError),
        ({"data": ("4096", False)}, TypeError),
        ({"data": (4096.0, False)}, TypeError),
        ({"data": (np.int64(4096), False)}, TypeError),
        ({"data": (-4096, False)}, ValueError),
        ({"data": (1 << 64, False)}, OverflowError),
        ({"data": (10**5000, False)}, OverflowError),
        ({"data": ((1 << 64) - 4, False)}, OverflowError),
        ({"data": (0, False)}, ValueError),
        ({"data": None}, (TypeError, ValueError)),
        ({"data": [4096, False]}, TypeError),
        ({"data": "text"}, TypeError),
        ({"data": object()}, TypeError),
        ({"strides": (4, 4)}, ValueError),
        ({"strides": [4]}, TypeError),
        ({"strides": ("4",)}, TypeError),
        ({"strides": (1 << 64,)}, OverflowError),
        ({"strides": 4}, TypeError),
        ({"mask": np.ones(2, bool)}, ValueError),
        ({"offset": "1", "data": bytearray(8)}, TypeError),
        ({"descr": [("a", "|O")], "typestr": "|V8"}, TypeError),
        ({"descr": [("a", "<f8")], "typestr": "|V4"}, ValueError),
        ({"descr": "x", "typestr": "|V4"}, TypeError),
        ({"version": "3"}, (TypeError, ValueError)),
    ],
)
def test_malformed(change, error, balance):
    interface = {**GOOD, **change}
    with pytest.raises(error):
        tb.from_array_interface(interface)
    with pytest.raises(error):
        tb.asarray(interface)


@pytest.mark.parametrize("key", ["shape", "typestr", "data"])
def test_missing_key(key, balance):
    with pytest.raises(ValueError, match=key):
        tb.from_array_interface({name: value for name, value in GOOD.items() if name != key})


def test_accepted(balance):
    for change in (
        {"version": 4},
        {"version": np.int64(3)},
        {"mask": None},
        {"strides": None},
        {"strides": (-4,), "data": (8192, 1)},
        {"shape": (np.int64(2),)},
        {"shape": ()},
        {"shape": (0,), "data": (0, False)},
        {"unknown": object(), 5: 6},
        {"descr": [("", "<f4")]},
        {"data": (4096, np.bool_(True))},
        {"data": (4096, [])},
        {"typestr": "=f4"},
    ):
        tb.from_array_interface({**GOOD, **change})


def test_hostile_values(balance):
    class Evil:
        def __index__(self):
            interface["shape"] = None
            items.clear()
            raise ZeroDivisionError

    class Truth:
        def __bool__(self):
            raise ZeroDivisionError

    items = [1, 2]
    interface = {**GOOD, "shape": (Evil(), 2), "descr": items}
    with pytest.raises(ZeroDivisionError):
        tb.from_array_interface(interface)
    with pytest.raises(ZeroDivisionError):
        tb.from_array_interface({**GOOD, "data": (4096, Truth())})
    nested = []
    nested.append(nested)
    with pytest.raises(ValueError, match="nested"):
        tb.from_array_interface({**GOOD, "descr": nested})

    class Shrinks:
        def __index__(self):
            growing.pop()
            return 1

    growing = [Shrinks(), 1, 2, 3]
    with pytest.raises((TypeError, ValueError)):
        tb.from_array_interface({**GOOD, "descr": growing})


def test_not_a_dictionary(balance):
    for value in (None, 3, [], (), object(), b"{}"):
        with pytest.raises(TypeError):
            tb.from_array_interface(value)
    for text in ("", "{", "{}", "[1]", "None", "{'shape': (2,)", "\0", "{" * 5000, "{'data': <buffer 1 2 0>}", "__import__('os')"):
        with pytest.raises((ValueError, TypeError)):
            tb.from_array_interface(text)
    with pytest.raises(UnicodeEncodeError):
        tb.from_array_interface("\ud800")


def test_attribute_that_is_no_dictionary():
    class Exporter:
        __array_interface__ = [1]

    with pytest.raises(TypeError, match="expected a dict"):
        tb.asarray(Exporter())
