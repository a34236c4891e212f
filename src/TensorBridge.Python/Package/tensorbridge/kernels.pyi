import os
import sys
from functools import partial
from types import TracebackType
from typing import Any, Literal, NamedTuple, Optional, Union

if sys.version_info >= (3, 14):
    from importlib.resources.abc import Traversable
else:
    from importlib.abc import Traversable

_Sizes = Union[int, tuple[int, ...]]

class KernelInfo(NamedTuple):
    name: str
    signature: str
    engine: Literal["host", "emulator", "method"]

class Kernel(partial[Any]):
    @property
    def name(self) -> str: ...
    @property
    def signature(self) -> str: ...
    @property
    def engine(self) -> Literal["host", "emulator", "method"]: ...
    @property
    def refusal(self) -> Optional[str]: ...
    @property
    def module(self) -> KernelModule: ...
    def __new__(cls, module: KernelModule, name: str) -> Kernel: ...
    def __call__(
        self,
        *arguments: Any,
        extent: Optional[_Sizes] = None,
        grid: Optional[_Sizes] = None,
        group: Optional[_Sizes] = None,
        engine: Optional[Literal["auto", "host", "emulator"]] = None,
        accelerator: Optional[str] = None,
        stream: Any = None,
    ) -> Any: ...
    def __getitem__(self, configuration: tuple[_Sizes, _Sizes]) -> partial[Any]: ...

class KernelModule:
    def __init__(self, path: Union[str, bytes, os.PathLike[str], Traversable]) -> None: ...
    @property
    def path(self) -> str: ...
    @property
    def closed(self) -> bool: ...
    def kernel(self, name: str) -> Kernel: ...
    def kernels(self) -> list[KernelInfo]: ...
    def close(self) -> None: ...
    def __enter__(self) -> KernelModule: ...
    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None: ...

def load(path: Union[str, bytes, os.PathLike[str], Traversable]) -> KernelModule: ...
