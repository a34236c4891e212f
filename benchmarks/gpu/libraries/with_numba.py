"""Numba's CUDA half."""

from .base import Library, Missing, Taker, require


class Turned:
    """A two-dimensional array seen with its axes exchanged; Numba's own ``T`` is a copy."""

    def __init__(self, array):
        self.array = array

    @property
    def __cuda_array_interface__(self):
        return {**self.array.__cuda_array_interface__, "shape": self.array.shape[::-1], "strides": self.array.strides[::-1]}


class Numba(Library):
    name = "numba"
    protocols = ("cuda_array_interface",)

    def __init__(self, driver, numba, numpy):
        super().__init__(driver)
        self.cuda = cuda = numba.cuda
        self.numpy = numpy
        self._version = numba.__version__

        @cuda.jit
        def wait(milliseconds):
            for _ in range(milliseconds):
                cuda.nanosleep(1_000_000)

        @cuda.jit
        def fill(array, value):
            i = cuda.grid(1)
            if i < array.size:
                array[i] = value

        self.wait_kernel, self.fill_kernel = wait, fill
        self.takers = (Taker("numba.cuda.as_cuda_array", cuda.as_cuda_array),)

    @property
    def version(self):
        return self._version

    def full(self, shape, value):
        array = self.cuda.to_device(self.numpy.full(shape, value, dtype=self.numpy.float32))
        self.driver.synchronize()
        return array

    def pointer(self, array):
        return array.__cuda_array_interface__["data"][0]

    def values(self, array):
        self.driver.synchronize()
        # Arrays in mapped and managed memory are NumPy arrays, which the host reads as they are.
        host = self.numpy.array(array) if isinstance(array, self.numpy.ndarray) else array.copy_to_host()
        return host.ravel().tolist()

    def transposed(self, array):
        return self.cuda.as_cuda_array(Turned(array))

    def stream(self):
        return self.cuda.stream()

    def number(self, stream):
        return int(stream)

    def delay(self, stream):
        self.wait_kernel[1, 1, stream](200)

    def fill(self, array, value, stream):
        flat = array.ravel()
        self.fill_kernel[(flat.size + 127) // 128, 128, stream](flat, self.numpy.float32(value))

    def copied(self, source, spare, stream):
        spare.copy_to_device(source, stream=stream)
        return spare

    def offer(self, array, stream):
        return array.bind(stream)

    def managed(self, shape, value):
        return self._filled(self.cuda.managed_array(shape, dtype=self.numpy.float32), value)

    def pinned(self, shape, value):
        return self._filled(self.cuda.mapped_array(shape, dtype=self.numpy.float32), value)

    @staticmethod
    def _filled(array, value):
        array[...] = value
        return array


def open_library(driver):
    numba = require("numba", "install it with: pip install numba-cuda numba")
    numpy = require("numpy", "install it with: pip install numpy")
    require("numba.cuda", "install it with: pip install numba-cuda")
    if not numba.cuda.is_available():
        raise Missing("Numba finds no CUDA; it needs the driver and NVVM: pip install numba-cuda[cu12]")
    return Numba(driver, numba, numpy)
