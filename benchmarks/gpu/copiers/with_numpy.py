"""NumPy, on the host: no peer of a GPU, but every line that the libraries share runs by it where there is none."""

import time

from libraries.base import require

from .arrays import ArrayCopier


class NumPyCopier(ArrayCopier):
    cache_bytes = 1 << 16

    def view(self, block, typestr, shape, strides, offset):
        return self.xp.ndarray(shape, dtype=typestr, buffer=block, offset=offset, strides=strides)

    def memcpy(self, target, source):
        self.xp.copyto(target, source)

    def synchronize(self):
        """Nothing is ever pending."""

    def milliseconds(self, work):
        start = time.perf_counter()
        work()
        return 1e3 * (time.perf_counter() - start)


def open_copier(launches, rounds):
    return NumPyCopier(require("numpy", "install it with: pip install numpy"), launches, rounds)
