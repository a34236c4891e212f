"""A fake of PyTorch; see ../README.md."""

import types

from over_standin import DRIVER, CurrentStreamArray, Fake, host

__version__ = "fake"
float32 = "float32"


class Tensor(CurrentStreamArray):
    def data_ptr(self):
        return self.address

    def t(self):
        return self.T

    def cpu(self):
        return host(self)

    def fill_(self, value):
        LIBRARY.fill(self, value, LIBRARY.current)

    def copy_(self, source):
        LIBRARY.copied(source, self, LIBRARY.current)

    @property
    def __cuda_array_interface__(self):
        if self.kind == "pinned":
            raise AttributeError("can't get __cuda_array_interface__ on non-CUDA tensor type")
        return {**super().__cuda_array_interface__, "stream": None, "version": 2}


LIBRARY = Fake(Tensor)


class Stream:
    def __init__(self, device):
        self.cuda_stream = DRIVER.stream()


def device(kind, index):
    return f"{kind}:{index}"


def full(shape, value, dtype, device=None, pin_memory=False):
    assert dtype == float32 and (device == "cuda:0") != pin_memory
    return LIBRARY.full(shape, value, "pinned" if pin_memory else "device")


def as_tensor(source, device):
    return LIBRARY.from_interface(source, synchronize=False)


def from_dlpack(source):
    return LIBRARY.from_dlpack(source, max_version=(1, 0))


cuda = types.SimpleNamespace(
    Stream=Stream, stream=lambda stream: LIBRARY.using(stream.cuda_stream), _sleep=lambda cycles: None, is_available=lambda: True, init=lambda: None
)
