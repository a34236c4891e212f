"""The stand-in library with JAX's habits: immutable arrays, an old DLPack without marks, a stream that no user sees."""

import dlpack_structs as dlpack

from .base import Library, Missing, Taker
from .with_standin import Array, Imported, StandIn, check_stand_in, make_capsule

NO_STREAMS = "this library gives its users no streams"


class FrozenArray(Array):
    @property
    def __cuda_array_interface__(self):
        return {"shape": self.shape, "typestr": "<f4", "data": (self.address, True), "strides": None, "version": 2}

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        if self.stream is not None and stream != -1:
            self.library.driver.order(self.stream, 1 if stream is None else stream)
        return make_capsule(self, dlpack.Legacy)


class Frozen(StandIn):
    name = "standin_frozen"
    array_type = FrozenArray
    read_only = True
    no_stream_in = {"cuda_array_interface": "version 2, without a stream"}
    stream, number, on, delay, fill = Library.stream, Library.number, Library.on, Library.delay, Library.fill
    managed, pinned = Library.managed, Library.pinned
    offer = Library.offer

    def __init__(self, driver):
        super().__init__(driver)
        self.pending_only_on_legacy = {"dlpack": NO_STREAMS}
        self.hidden = driver.stream()
        self.takers = (Taker("standin_frozen.from_dlpack", self._legacy),)

    def transposed(self, array):
        raise Missing("arrays are dense: a transposed one is a copy")

    def pending(self, array, value, stream):
        late = self.full(array.shape, 0.0)
        StandIn.fill(self, late, value, self.hidden)
        return late.bound_to(self.hidden)

    def copied(self, source, spare, stream):
        return StandIn.copied(self, source, spare, self.hidden)

    def settle(self, array, stream):
        self.driver.wait(self.hidden)

    def _legacy(self, source):
        return self.over(Imported(source.__dlpack__(stream=self.hidden)))


def open_library(driver):
    check_stand_in(driver)
    return Frozen(driver)
