"""CuPy's copyto, the kernel behind its ascontiguousarray."""

from libraries.base import Missing, require

from .arrays import ArrayCopier


class CuPyCopier(ArrayCopier):
    def __init__(self, cupy, launches, rounds):
        super().__init__(cupy, launches, rounds)
        self.cache_bytes = self.attribute("L2CacheSize", self.cache_bytes)

    def attribute(self, name, otherwise):
        """A number of the device; ``otherwise`` where this CuPy does not tell it."""
        return getattr(self.xp.cuda.Device(), "attributes", {}).get(name, otherwise)

    def view(self, block, typestr, shape, strides, offset):
        if typestr[0] == ">":
            raise Missing("CuPy has no byte order but this machine's")
        return self.xp.ndarray(tuple(shape), dtype=typestr, memptr=block.data + offset, strides=tuple(strides))

    def memcpy(self, target, source):
        target.data.copy_from_device_async(source.data, source.nbytes)

    def synchronize(self):
        self.xp.cuda.Device().synchronize()

    def milliseconds(self, work):
        start, end = self.xp.cuda.Event(), self.xp.cuda.Event()
        start.record()
        work()
        end.record()
        end.synchronize()
        return self.xp.cuda.get_elapsed_time(start, end)

    def release(self):
        self.xp.get_default_memory_pool().free_all_blocks()


def open_cupy():
    """The module, with a device under it."""
    cupy = require("cupy", "install it with: pip install cupy-cuda12x")
    try:
        cupy.cuda.Device(0).use()
    except Exception as error:  # CuPy's own error class, which a broken installation may lack
        raise Missing(f"CuPy sees no CUDA device ({error})") from None
    return cupy


def open_copier(launches, rounds):
    return CuPyCopier(open_cupy(), launches, rounds)
