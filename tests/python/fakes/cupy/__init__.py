"""A fake of CuPy; see ../README.md."""

import types

from numpy import float32, int64  # noqa: F401
from over_standin import DRIVER, CurrentStreamArray, Fake, host

__version__ = "fake"


class ndarray(CurrentStreamArray):
    @property
    def data(self):
        return types.SimpleNamespace(ptr=self.address)

    def fill(self, value):
        LIBRARY.fill(self, value, LIBRARY.current)

    @property
    def __cuda_array_interface__(self):
        return {**super().__cuda_array_interface__, "stream": LIBRARY.current}


LIBRARY = Fake(ndarray)


class Stream:
    def __init__(self, non_blocking=False):
        self.ptr = DRIVER.stream()
        self._entered = []

    def __enter__(self):
        self._entered.append(LIBRARY.using(self.ptr))
        self._entered[-1].__enter__()
        return self

    def __exit__(self, *error):
        self._entered.pop().__exit__(*error)


class RawKernel:
    def __init__(self, code, name):
        assert f"void {name}(" in code

    def __call__(self, grid, block, arguments):
        assert len(grid) <= 3 and len(block) <= 3 and isinstance(arguments, tuple)


class using_allocator:
    kind = "device"

    def __init__(self, allocator):
        self.allocator = allocator

    def __enter__(self):
        using_allocator.kind = self.allocator

    def __exit__(self, *error):
        using_allocator.kind = "device"


cuda = types.SimpleNamespace(Stream=Stream, using_allocator=using_allocator, malloc_managed="managed")


def full(shape, value, dtype):
    assert dtype is float32
    return LIBRARY.full(shape, value, using_allocator.kind)


def asnumpy(array):
    return host(array)


def copyto(target, source):
    LIBRARY.copied(source, target, LIBRARY.current)


def asarray(source):
    return LIBRARY.from_interface(source)


def from_dlpack(source):
    return LIBRARY.from_dlpack(source, max_version=(1, 0), copy=None)
