from typing import Any, NamedTuple, Optional

from ._core import _Protocol
from ._tensor import DType

class Descriptor(NamedTuple):
    ptr: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: DType
    device: str
    readonly: bool
    stream: Optional[int]
    c_contiguous: bool
    f_contiguous: bool
    @property
    def ndim(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def itemsize(self) -> int: ...
    @property
    def nbytes(self) -> int: ...

def describe(x: Any, via: Optional[_Protocol] = None) -> Descriptor: ...
