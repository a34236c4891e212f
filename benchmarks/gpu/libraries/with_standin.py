"""A small array library over the driver alone. It proves the cells where no real library is: on the driver stand-in."""

import contextlib
import ctypes

import dlpack_structs as dlpack

from .base import Library, Missing, Taker

DEVICES = {"device": 2, "pinned": 3, "managed": 13}
KEPT = {}  # exported structs that live until their deleter runs


class Memory:
    """Freed with its last array."""

    def __init__(self, driver, size, kind="device"):
        self.driver, self.kind = driver, kind
        self.address = driver.allocate(size, kind)

    def __del__(self):
        self.driver.free(self.address, self.kind)


class Array:
    """A float32 array; strides in elements."""

    def __init__(self, library, owner, address, shape, strides, stream=None, kind="device"):
        self.library, self.owner, self.address, self.kind = library, owner, address, kind
        self.shape, self.strides, self.stream = tuple(shape), tuple(strides), stream

    @property
    def size(self):
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def T(self):
        return type(self)(self.library, self.owner, self.address, self.shape[::-1], self.strides[::-1], self.stream, self.kind)

    def bound_to(self, stream):
        """The same memory with work pending on a stream."""
        return type(self)(self.library, self.owner, self.address, self.shape, self.strides, stream, self.kind)

    @property
    def __cuda_array_interface__(self):
        strides = None if self.strides == dense(self.shape) else tuple(4 * stride for stride in self.strides)
        return {"shape": self.shape, "typestr": "<f4", "data": (self.address, False), "strides": strides, "stream": self.stream, "version": 3}

    def __dlpack_device__(self):
        return DEVICES[self.kind], 0

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        if self.kind != "pinned" and stream != -1 and self.stream is not None:
            self.library.driver.order(self.stream, 1 if stream is None else stream)
        return make_capsule(self, dlpack.Versioned if max_version is not None and max_version[0] >= 1 else dlpack.Legacy)


def dense(shape):
    strides, step = [], 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return tuple(strides)


@ctypes.CFUNCTYPE(None, ctypes.c_void_p)
def delete(address):
    KEPT.pop(address)


def make_capsule(array, kind):
    struct = kind()
    numbers = dlpack.longs(array.shape), dlpack.longs(array.strides)
    tensor = struct.tensor
    tensor.data, tensor.device_type, tensor.ndim = array.address, DEVICES[array.kind], len(array.shape)
    tensor.code, tensor.bits, tensor.lanes = 2, 32, 1
    tensor.shape, tensor.strides = numbers
    struct.deleter = ctypes.cast(delete, ctypes.c_void_p).value
    if kind is dlpack.Versioned:
        struct.major, struct.minor = 1, 3
    KEPT[ctypes.addressof(struct)] = struct, numbers, array
    return dlpack.new_capsule(ctypes.addressof(struct), dlpack.NAMES[kind], None)


class Imported:
    """Owns a struct that somebody else exported."""

    rename = ctypes.pythonapi.PyCapsule_SetName
    rename.argtypes = [ctypes.py_object, ctypes.c_char_p]

    def __init__(self, capsule):
        kind = dlpack.Versioned if "dltensor_versioned" in repr(capsule) else dlpack.Legacy
        self.address = dlpack.capsule_pointer(capsule, dlpack.NAMES[kind])
        self.struct = kind.from_address(self.address)
        Imported.rename(capsule, b"used_" + dlpack.NAMES[kind])

    def __del__(self):
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.struct.deleter)(self.address)


class StandIn(Library):
    name = "standin"
    array_type = Array

    def __init__(self, driver):
        super().__init__(driver)
        self.current = 1
        self.takers = (Taker("standin.asarray", self._asarray), Taker("standin.from_dlpack", self._from_dlpack))
        self.pending_only_on_legacy = {"dlpack": "DLPack names no stream of the producer: it orders by the consumer's"}

    @property
    def version(self):
        return "driver API"

    def full(self, shape, value, kind="device"):
        shape = tuple(shape)
        array = self.array_type(self, None, 0, shape, dense(shape), kind=kind)
        array.owner = Memory(self.driver, 4 * array.size, kind)
        array.address = array.owner.address
        self.driver.write(array.address, [value] * array.size)
        return array

    def pointer(self, array):
        return array.address

    def values(self, array):
        if array.strides != dense(array.shape):
            raise ValueError("only dense arrays are read")
        return self.driver.floats(array.address, array.size)

    def stream(self):
        return self.driver.stream()

    def number(self, stream):
        return stream

    @contextlib.contextmanager
    def on(self, stream):
        before, self.current = self.current, stream
        yield
        self.current = before

    def delay(self, stream):
        """Streams of the driver stand-in stand still until somebody waits: every work on them is late."""

    def fill(self, array, value, stream):
        # Four equal bytes are a float of this library's choice: it need not launch a kernel.
        self.driver.set_bytes(array.address, self.byte_of(value), 4 * array.size, stream)

    @staticmethod
    def byte_of(value):
        for byte in range(256):
            if ctypes.c_float.from_buffer_copy(bytes([byte] * 4)).value == value:
                return byte
        raise ValueError(f"{value} is no float of four equal bytes")

    def copied(self, source, spare, stream):
        self.driver.copy(spare.address, source.address, 4 * source.size, stream)
        return spare

    def offer(self, array, stream):
        return array.bound_to(stream)

    def managed(self, shape, value):
        return self.full(shape, value, "managed")

    def pinned(self, shape, value):
        return self.full(shape, value, "pinned")

    def _asarray(self, source):
        interface = source.__cuda_array_interface__
        if interface.get("stream") is not None:
            self.driver.wait(interface["stream"])
        shape = interface["shape"]
        strides = interface.get("strides")
        strides = dense(shape) if strides is None else tuple(stride // 4 for stride in strides)
        return Array(self, source, interface["data"][0], shape, strides)

    def _from_dlpack(self, source):
        return self.over(Imported(source.__dlpack__(stream=self.current, max_version=(1, 0))))

    def over(self, owner):
        """An array over an imported struct."""
        tensor = owner.struct.tensor
        shape, strides = tensor.shape[: tensor.ndim], tensor.strides[: tensor.ndim]
        return self.array_type(self, owner, tensor.data + tensor.byte_offset, shape, strides)


def check_stand_in(driver):
    """Raises Missing on a real driver."""
    if not driver.is_stand_in:
        raise Missing("this machine has a real driver; the real libraries are the test")


def open_library(driver):
    check_stand_in(driver)
    return StandIn(driver)
