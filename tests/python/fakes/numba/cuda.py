"""A fake of Numba's CUDA half; see ../README.md."""

import ctypes

import numpy
from libraries.with_standin import Array, Memory
from over_standin import DRIVER, Fake, host


class Stream:
    def __init__(self):
        self.handle = DRIVER.stream()

    def __int__(self):
        return self.handle


class DeviceNDArray:
    """Strides in bytes, and no DLPack."""

    def __init__(self, library, owner, address, shape, strides, stream=None, kind="device"):
        self.array = Array(library, owner, address, shape, strides, stream, kind)
        self.shape, self.strides, self.size = self.array.shape, tuple(4 * stride for stride in self.array.strides), self.array.size

    @property
    def __cuda_array_interface__(self):
        stream = self.array.stream
        return {**self.array.__cuda_array_interface__, "stream": None if stream is None else int(stream)}

    def bind(self, stream):
        array = self.array
        return DeviceNDArray(array.library, array.owner, array.address, array.shape, array.strides, stream)

    @property
    def address(self):
        return self.array.address

    @address.setter
    def address(self, value):
        self.array.address = value

    @property
    def owner(self):
        return self.array.owner

    @owner.setter
    def owner(self, value):
        self.array.owner = value

    def ravel(self):
        return self

    def copy_to_host(self):
        return host(self)

    def copy_to_device(self, source, stream):
        LIBRARY.copied(source, self, int(stream))


LIBRARY = Fake(DeviceNDArray)


class HostArray(numpy.ndarray):
    """Mapped and managed arrays are NumPy arrays."""

    @property
    def __cuda_array_interface__(self):
        return {"shape": self.shape, "typestr": "<f4", "data": (self.ctypes.data, False), "strides": None, "stream": None, "version": 3}


def host_array(shape, dtype, kind):
    memory = Memory(DRIVER, 4 * shape[0] * shape[1], kind)
    data = (ctypes.c_float * (shape[0] * shape[1])).from_address(memory.address)
    data.memory = memory
    return numpy.frombuffer(data, dtype=dtype).reshape(shape).view(HostArray)


class jit:
    """The kernels of the script by their names; nothing is compiled."""

    def __init__(self, function):
        self.name = function.__name__

    def __getitem__(self, configuration):
        _, _, stream = configuration
        return {"wait": lambda milliseconds: None, "fill": lambda array, value: LIBRARY.fill(array, float(value), int(stream))}[self.name]


def to_device(values):
    assert values.dtype == numpy.float32
    return LIBRARY.full(values.shape, float(values.flat[0]))


def as_cuda_array(source):
    return LIBRARY.from_interface(source)


def managed_array(shape, dtype):
    return host_array(shape, dtype, "managed")


def mapped_array(shape, dtype):
    return host_array(shape, dtype, "pinned")


def stream():
    return Stream()


def is_available():
    return True
