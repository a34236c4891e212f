"""CuPy."""

from .base import Library, Taker, require

CYCLES = 400_000_000  # 0.2 s at 2 GHz
SPIN = r"""
extern "C" __global__ void spin(long long cycles) {
    long long start = clock64();
    while (clock64() - start < cycles) { }
}
"""


class CuPy(Library):
    name = "cupy"
    pending_only_on_legacy = {"dlpack": "DLPack names no stream of the producer: it orders by the consumer's"}

    def __init__(self, driver, cupy):
        super().__init__(driver)
        self.cupy = cupy
        self.spin = cupy.RawKernel(SPIN, "spin")
        self.takers = (Taker("cupy.asarray", cupy.asarray), Taker("cupy.from_dlpack", cupy.from_dlpack))

    @property
    def version(self):
        return self.cupy.__version__

    def full(self, shape, value):
        array = self.cupy.full(shape, value, dtype=self.cupy.float32)
        self.driver.synchronize()
        return array

    def pointer(self, array):
        return array.data.ptr

    def values(self, array):
        self.driver.synchronize()
        return self.cupy.asnumpy(array).ravel().tolist()

    def stream(self):
        return self.cupy.cuda.Stream(non_blocking=True)

    def number(self, stream):
        return stream.ptr

    def on(self, stream):
        return stream

    def delay(self, stream):
        with stream:
            self.spin((1,), (1,), (self.cupy.int64(CYCLES),))

    def fill(self, array, value, stream):
        with stream:
            array.fill(value)

    def copied(self, source, spare, stream):
        with stream:
            self.cupy.copyto(spare, source)
        return spare

    def managed(self, shape, value):
        cupy = self.cupy
        with cupy.cuda.using_allocator(cupy.cuda.malloc_managed):
            return self.full(shape, value)


def open_library(driver):
    cupy = require("cupy", "install it with: pip install cupy-cuda12x")
    return CuPy(driver, cupy)
