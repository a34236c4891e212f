"""What the fakes share: memory of the stand-in, a current stream, both protocols in and out."""

import contextlib

import numpy
from driver import Driver
from libraries.with_standin import Array, Imported, StandIn, dense

DRIVER = Driver()


class Fake(StandIn):
    """A library of one kind of array."""

    def __init__(self, array_type):
        super().__init__(DRIVER)
        self.array_type = array_type

    def from_interface(self, source, synchronize=True):
        """An array over a ``__cuda_array_interface__``, which it keeps."""
        interface = source.__cuda_array_interface__
        if synchronize and interface.get("stream") is not None:
            DRIVER.wait(interface["stream"])
        strides = interface.get("strides")
        strides = dense(interface["shape"]) if strides is None else tuple(stride // 4 for stride in strides)
        return self.array_type(self, source, interface["data"][0], interface["shape"], strides)

    def from_dlpack(self, source, **wish):
        """An array over a capsule, ready on the current stream."""
        return self.over(Imported(source.__dlpack__(stream=self.current, **wish)))

    @contextlib.contextmanager
    def using(self, number):
        """The current stream."""
        before, self.current = self.current, number
        try:
            yield
        finally:
            self.current = before


class CurrentStreamArray(Array):
    """Work on it is pending on the library's current stream, whichever that is."""

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        if self.kind == "pinned":
            return super().__dlpack__(stream=-1, max_version=max_version)
        return self.bound_to(self.library.current).__dlpack_bound__(stream, max_version)

    def __dlpack_bound__(self, stream, max_version):
        return Array.__dlpack__(self, stream=stream, max_version=max_version)


def host(array):
    """Its values as a NumPy array."""
    return numpy.array(DRIVER.floats(array.address, array.size), dtype="float32").reshape(array.shape)
