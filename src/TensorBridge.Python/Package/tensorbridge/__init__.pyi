from typing import Any, Callable, Literal, Optional

from ._core import _Sizes
from ._core import asarray as asarray
from ._core import from_array_interface as from_array_interface
from ._core import from_dlpack as from_dlpack
from ._core import from_pointer as from_pointer
from ._core import frombuffer as frombuffer
from ._tensor import DType as DType
from ._tensor import Tensor as Tensor
from ._tensor import dtype as dtype
from .description import Descriptor as Descriptor
from .description import describe as describe
from .kernels import Kernel as Kernel
from .kernels import KernelInfo as KernelInfo
from .kernels import KernelModule as KernelModule
from .kernels import load as load
from .machine import devices as devices
from .machine import doctor as doctor
from .npy import load_npy as load_npy
from .npy import open_npy as open_npy
from .npy import save_npy as save_npy
from .picture import show as show

__version__: str

_Order = Literal["C", "F"]
_AnyOrder = Literal["C", "F", "K"]
_Casting = Literal["no", "equiv", "safe", "same_kind", "unsafe"]
_Stream = Any  # an int, or a stream of CuPy, PyTorch or Numba; None for the one that the arrays name
_Progress = Optional[Callable[[int, int], Any]]

def allclose(a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool: ...
def array_equal(a: Any, b: Any, equal_nan: bool = False) -> bool: ...
def ascontiguousarray(
    x: Any, *, copy: Optional[bool] = None, progress: _Progress = None, stream: _Stream = None
) -> Tensor: ...
def asfortranarray(
    x: Any, *, copy: Optional[bool] = None, progress: _Progress = None, stream: _Stream = None
) -> Tensor: ...
def astype(
    x: Any,
    dtype: Any,
    order: _AnyOrder = "K",
    casting: _Casting = "unsafe",
    copy: bool = True,
    *,
    progress: _Progress = None,
    stream: _Stream = None,
) -> Tensor: ...
def broadcast_to(x: Any, shape: _Sizes) -> Tensor: ...
def copy(x: Any, order: _AnyOrder = "C", *, progress: _Progress = None, stream: _Stream = None) -> Tensor: ...
def copyto(
    dst: Any, src: Any, casting: _Casting = "same_kind", *, progress: _Progress = None, stream: _Stream = None
) -> None: ...
def empty(
    shape: _Sizes, dtype: Any = "float64", order: _Order = "C", *, device: Optional[str] = None, stream: _Stream = None
) -> Tensor: ...
def empty_like(
    x: Any,
    dtype: Any = None,
    order: _AnyOrder = "K",
    shape: Optional[_Sizes] = None,
    *,
    device: Optional[str] = None,
    stream: _Stream = None,
) -> Tensor: ...
def explain(src: Any, dst: Any, casting: _Casting = "same_kind") -> str: ...
def fill(dst: Any, value: Any, *, stream: _Stream = None) -> None: ...
def flush_npy(x: Tensor) -> None: ...
def full(
    shape: _Sizes, fill_value: Any, dtype: Any = None, order: _Order = "C", *, device: Optional[str] = None, stream: _Stream = None
) -> Tensor: ...
def get_num_threads() -> int: ...
def inspect(x: Any, *, stream: _Stream = None) -> str: ...
def reshape(x: Any, shape: _Sizes) -> Tensor: ...
def set_num_threads(n: int) -> None: ...
def squeeze(x: Any, axis: Optional[_Sizes] = None) -> Tensor: ...
def to_device(x: Any, device: str, *, stream: _Stream = None) -> Tensor: ...
def to_host(x: Any, order: _AnyOrder = "K", *, stream: _Stream = None) -> Tensor: ...
def transpose(x: Any, axes: Optional[_Sizes] = None) -> Tensor: ...
def zeros(
    shape: _Sizes, dtype: Any = "float64", order: _Order = "C", *, device: Optional[str] = None, stream: _Stream = None
) -> Tensor: ...
