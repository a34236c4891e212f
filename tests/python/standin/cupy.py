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
    def __str__(self):
        return str(self.get())


_current = [foreign_cuda.LEGACY]
cuda = types.SimpleNamespace(Stream=Stream)


def arange(count, dtype):
    return ndarray(numpy.arange(count, dtype=dtype), _current[-1])


def ones(count, dtype):
    return ndarray(numpy.ones(count, dtype), _current[-1])
