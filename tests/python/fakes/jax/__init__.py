"""A fake of JAX; see ../README.md."""

from libraries.with_standin import Memory
from libraries.with_standin_frozen import Frozen, FrozenArray
from over_standin import DRIVER, host

from . import dlpack, numpy  # noqa: F401

__version__ = "fake"


class Array(FrozenArray):
    """It remembers what it was once read as."""

    read = None

    def unsafe_buffer_pointer(self):
        return self.address

    def block_until_ready(self):
        DRIVER.wait(LIBRARY.hidden)

    def __add__(self, number):
        assert number == 0
        memory = Memory(DRIVER, 4 * self.size)  # nothing is waited for
        return LIBRARY.copied(self, Array(LIBRARY, memory, memory.address, self.shape, self.strides), None)


LIBRARY = Frozen(DRIVER)
LIBRARY.array_type = Array


def devices(kind):
    assert kind == "gpu"
    return ["gpu 0"]


def device_put(array, device):
    return array


def device_get(array):
    array.block_until_ready()
    if array.read is None:
        array.read = host(array)
    return array.read


def jit(function):
    return lambda x, value: LIBRARY.pending(x, value, None)
