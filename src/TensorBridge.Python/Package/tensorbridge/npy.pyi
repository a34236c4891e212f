import os
from typing import Any, Literal, Optional, Union

from ._core import _Sizes
from ._tensor import Tensor

_Path = Union[str, bytes, os.PathLike[str], os.PathLike[bytes]]

def open_npy(
    path: _Path,
    mode: Literal["r", "r+", "c", "w+"] = "r",
    *,
    dtype: Any = None,
    shape: Optional[_Sizes] = None,
    order: Literal["C", "F"] = "C",
) -> Tensor: ...
def load_npy(path: _Path) -> Tensor: ...
def save_npy(
    path: _Path,
    x: Any,
    *,
    order: Literal["C", "F", "K"] = "K",
    dtype: Any = None,
    casting: Literal["no", "equiv", "safe", "same_kind", "unsafe"] = "same_kind",
) -> None: ...
