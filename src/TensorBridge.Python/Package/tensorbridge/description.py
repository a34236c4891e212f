"""What an object describes, without touching its memory."""

from typing import NamedTuple as _NamedTuple
from typing import Optional as _Optional

from . import _core
from ._tensor import DType as _DType
from ._tensor import Tensor as _Tensor

__all__ = ["Descriptor", "describe"]


class Descriptor(_NamedTuple):
    """A validated description of memory: what describe() gives. Prints in the form that error messages use. It owns nothing."""

    ptr: int
    """Address of element 0."""
    shape: tuple
    """Lengths of the axes."""
    strides: tuple
    """Bytes between neighbours along each axis."""
    dtype: _DType
    """The element type."""
    device: str
    """'cpu', 'cuda:0', ..."""
    readonly: bool
    """True when writing is forbidden."""
    stream: _Optional[int]
    """The stream on which work on the memory may be pending: 1 the legacy default stream, 2 the per-thread one, or a handle."""
    c_contiguous: bool
    """True when dense in C order."""
    f_contiguous: bool
    """True when dense in Fortran order."""

    @property
    def ndim(self):
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self):
        """Number of elements."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def itemsize(self):
        """Bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self):
        """Bytes of all elements, without gaps."""
        return self.size * self.itemsize

    def __repr__(self):
        strides = "" if self.c_contiguous else f", strides {self.strides}"
        readonly = ", read-only" if self.readonly else ""
        stream = "" if self.stream is None else f", stream {self.stream}"
        return f"tensor[{self.dtype}, {self.shape}, {self.device}{strides}{readonly}{stream}] at 0x{self.ptr:x}"


def describe(x, via=None):
    """The validated description of any array, interface dictionary or its text, as a Descriptor.

    No element is read and no device is needed: the __cuda_array_interface__ of an object is described on a machine
    without a GPU.

    x: anything that asarray() takes, or the text of an interface dictionary. via: the protocol to read it by, as for
    asarray(); a bare dictionary is read as a CUDA array interface with via='cuda_array_interface'.

    Raises what asarray() raises for a malformed description: ValueError, TypeError or OverflowError, naming the key.
    """
    with _claim(x, via) as tensor:
        return Descriptor(
            tensor.ptr,
            tensor.shape,
            tensor.strides,
            tensor.dtype,
            tensor.device,
            tensor.readonly,
            tensor.stream,
            tensor.c_contiguous,
            tensor.f_contiguous,
        )


def _claim(x, via):
    if isinstance(x, _Tensor):
        return x[...]
    if isinstance(x, str):
        return _core.from_array_interface(x)
    if via is None and not isinstance(x, dict) and hasattr(x, "__cuda_array_interface__"):
        via = "cuda_array_interface"  # a dictionary to read, where DLPack would ask the device to wait for a stream
    return _core.asarray(x, via=via)
