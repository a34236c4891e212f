"""Tensors shared with .NET and ILGPU kernels, without copies.

    import tensorbridge as tb
    t = tb.from_array_interface({'data': (ptr, False), 'shape': (3, 4), 'typestr': '<f4', 'version': 3})
    t = tb.asarray(anything)          # NumPy, CuPy, PyTorch, memoryview, a bare dictionary ... zero-copy
    a = numpy.asarray(t)              # and back
    k = tb.load('MyKernels.dll').kernel('MyKernels.Saxpy')
    k(2.0, x, y)                      # a C# kernel, in place

.NET starts on the first use; import only looks whether it is there.
"""

from . import _platform

_platform.check()

import atexit as _atexit
import os as _os

try:
    from . import _core
except ImportError as error:
    raise _platform.explain(error) from None

try:
    _core.configure(_os.path.dirname(_os.path.abspath(__file__)))
except RuntimeError as error:  # no .NET runtime on this machine
    raise ImportError(str(error)) from None
_atexit.register(_core._close)

from ._core import asarray, from_array_interface, from_dlpack, from_pointer, frombuffer
from ._tensor import DType, Tensor, dtype
from ._version import __version__
from .description import Descriptor, describe
from .kernels import Kernel, KernelInfo, KernelModule, load
from .machine import devices, doctor
from .npy import load_npy, open_npy, save_npy
from .picture import show

__all__ = [
    "DType",
    "Descriptor",
    "Kernel",
    "KernelInfo",
    "KernelModule",
    "Tensor",
    "asarray",
    "describe",
    "devices",
    "doctor",
    "dtype",
    "from_array_interface",
    "from_dlpack",
    "from_pointer",
    "frombuffer",
    "load",
    "load_npy",
    "open_npy",
    "save_npy",
    "show",
]


def __getattr__(name):
    """Operations of the managed side, found when they are first asked for (which starts .NET)."""
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    operation = _core.operations().get(name)
    if operation is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = operation
    return operation


def __dir__():
    names = set(globals()) | set(__all__)
    if _core.is_started():
        names.update(name for name in _core.operations() if not name.startswith("_"))
    return sorted(name for name in names if not name.startswith("_") or name.startswith("__"))
