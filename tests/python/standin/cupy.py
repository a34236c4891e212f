"""What docs/samples/python/gpu_kernel.py uses of CuPy, over the driver stand-in: real CuPy needs a GPU."""

import types

import foreign_cuda
import numpy


class Stream:
    def __init__(self, non_blocking=False):
        assert non_blocking
        self.ptr = foreign_cuda.new_stream()

    def __enter__(self):
        _current.append(self.ptr)
        return self

    def __exit__(self, *error):
        _current.pop()


class ndarray(foreign_cuda.Array):
    @property
    def data(self):
        return types.SimpleNamespace(ptr=self.ptr)

    @property
    def T(self):
        strides = self.strides or numpy.empty(self.shape, self.typestr).strides
        return self.strided(self.shape[::-1], strides[::-1])

    def reshape(self, *shape):
        assert self.strides is None and numpy.prod(shape) == numpy.prod(self.shape)
        return self.strided(shape, None)

    def __str__(self):
        return str(self.get())


_current = [foreign_cuda.LEGACY]
cuda = types.SimpleNamespace(Stream=Stream)


def arange(count, dtype):
    return ndarray(numpy.arange(count, dtype=dtype), _current[-1])


def ones(count, dtype):
    return ndarray(numpy.ones(count, dtype), _current[-1])


def asarray(other):
    """The same memory, kept alive."""
    interface = other.__cuda_array_interface__
    self = object.__new__(ndarray)
    self.base, self.parent, self.device = None, other, 0
    self.ptr, self.readonly = interface["data"]
    self.shape, self.typestr, self.strides, self.stream = (interface[key] for key in ("shape", "typestr", "strides", "stream"))
    return self
