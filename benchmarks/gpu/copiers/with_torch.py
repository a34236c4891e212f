"""PyTorch's copy_, the kernel behind its contiguous."""

from libraries.base import Missing, require

from .base import Copier

# PyTorch copies unsigned integers of two bytes as signed ones: the bits are the same.
NAMES = {"|u1": "uint8", "<u1": "uint8", "<u2": "int16", "<f2": "float16", "<f4": "float32", "<f8": "float64", "<c16": "complex128"}


class TorchCopier(Copier):
    def __init__(self, torch, launches, rounds, device="cuda"):
        super().__init__(launches, rounds)
        self.torch, self.device = torch, torch.device(device)
        self.version = torch.__version__
        if device == "cuda":
            self.cache_bytes = getattr(torch.cuda.get_device_properties(0), "L2_cache_size", self.cache_bytes)

    def type_of(self, typestr):
        if typestr not in NAMES:
            raise Missing(f"PyTorch has no type '{typestr}' to copy")
        return getattr(self.torch, NAMES[typestr])

    def block(self, size):
        return self.torch.empty(size, dtype=self.torch.uint8, device=self.device)

    def poison(self, block):
        block.fill_(0xA5)

    def view(self, block, typestr, shape, strides, offset):
        if any(stride < 0 for stride in strides):
            raise Missing("PyTorch has no negative strides")
        items = block.view(self.type_of(typestr))
        size = items.element_size()
        return self.torch.as_strided(items, tuple(shape), tuple(stride // size for stride in strides), offset // size)

    def prepare(self, case, source, target):
        return lambda: target.copy_(source)

    def memcpy(self, target, source):
        target.copy_(source)

    def synchronize(self):
        self.torch.cuda.synchronize()

    def milliseconds(self, work):
        start, end = (self.torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        work()
        end.record()
        end.synchronize()
        return start.elapsed_time(end)

    def positions(self, start, stop):
        return self.torch.arange(start, stop, dtype=self.torch.int64, device=self.device)

    def cast(self, rows, source, target):
        values = rows.reshape(-1).view(self.type_of(source)).to(self.type_of(target))
        return values.view(self.torch.uint8).reshape(len(rows), -1)

    def release(self):
        self.torch.cuda.empty_cache()


def open_torch():
    """The module, with a device under it."""
    torch = require("torch", "install it with: pip install torch")
    if not torch.cuda.is_available():
        raise Missing(f"PyTorch {torch.__version__} sees no CUDA device")
    return torch


def open_copier(launches, rounds):
    return TorchCopier(open_torch(), launches, rounds)
