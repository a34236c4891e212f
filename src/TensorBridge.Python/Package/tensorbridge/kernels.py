"""C# kernels on anyone's arrays.

    mod = tb.load("MyKernels.dll")
    saxpy = mod.kernel("MyKernels.Saxpy")
    saxpy(2.0, x, y)                       # in place on NumPy, CuPy, PyTorch ... arrays
    mod.kernel("MyKernels.Tiled")[grid, group](a, b)

A kernel is a public static C# method with an ILGPU index first; ``mod.kernels()`` lists what a module has. Arrays are
never copied, except for parameters marked ``[Dense]``. Where the arrays are decides where the kernel runs:

* on a CUDA device: compiled by ILGPU for it, on the stream of the arrays;
* in host memory, element-wise kernels: by the host engine, as compiled C# over the index space on all cores;
* in host memory, kernels that use groups, shared or local memory: by ILGPU's emulator, slow and right.
"""

import contextlib as _contextlib
import functools as _functools
import os as _os
import weakref as _weakref
from typing import NamedTuple as _NamedTuple

from . import _core

__all__ = ["Kernel", "KernelInfo", "KernelModule", "load"]


def _operation(name):
    return _core.operations()[name]


class KernelInfo(_NamedTuple):
    """What ``KernelModule.kernels()`` tells of one kernel."""

    name: str
    """Namespace, class and method: ``MyKernels.Saxpy``."""
    signature: str
    """The name with its parameters and what each takes."""
    engine: str
    """Who runs it on host arrays: ``'host'``, ``'emulator'``, or ``'method'`` for an exported host method."""


class Kernel(_functools.partial):
    """A C# kernel; call it with one argument for each parameter, its index not counted.

    Arrays (anything that ``tb.asarray`` takes) are used in place. Numbers are checked against the parameter: no fraction
    becomes an integer, nothing out of range is cut off. Keyword arguments:

    extent
        The index space, an int or a tuple; by default the shape that all element-wise arrays share.
    engine
        ``'auto'`` (default), ``'host'`` or ``'emulator'``: who runs the kernel on host arrays.
    accelerator
        The device to run on, ``'cpu'`` or ``'cuda:0'``, where the memory could be used from several.
    stream
        A CUDA stream: an int, or an object of CuPy, PyTorch or Numba. The call then returns without waiting.

    Raises TypeError for an argument of the wrong kind, ValueError for an array of the wrong type, shape or layout or one
    that is read-only, OverflowError for a number out of range, IndexError for an index outside an array (host engines
    only), RuntimeError for arrays on different devices. Returns None; an exported host method returns its result.
    """

    __slots__ = ("_module", "_info", "_refusal", "_grouped")

    def __new__(cls, module, name):
        number, *description = _operation("_find_kernel")(module._number, name)
        self = super().__new__(cls, _operation("_launch"), number)
        self._module = module
        self._info = KernelInfo(*description[:3])
        self._refusal, self._grouped = description[3:]
        self.__doc__ = f"{self._info.signature}\n\n{cls.__doc__}"
        return self

    @property
    def name(self):
        """Namespace, class and method: ``MyKernels.Saxpy``."""
        return self._info.name

    @property
    def signature(self):
        """The name with its parameters and what each takes."""
        return self._info.signature

    @property
    def engine(self):
        """Who runs it on host arrays: ``'host'``, ``'emulator'``, or ``'method'`` for an exported host method."""
        return self._info.engine

    @property
    def refusal(self):
        """Why the host engine does not run it, or None."""
        return self._refusal

    @property
    def module(self):
        """The module it comes from."""
        return self._module

    def __getitem__(self, configuration):
        """``kernel[grid, group]``: an explicitly grouped kernel with its numbers of groups and of threads in a group."""
        if not isinstance(configuration, tuple) or len(configuration) != 2:
            raise TypeError(f"write {self.name}[grid, group](...), each an int or a tuple of up to three")
        grid, group = configuration
        return _functools.partial(self.func, *self.args, grid=grid, group=group)

    def __repr__(self):
        return f"<kernel {self.signature}>"

    def __reduce__(self):
        raise TypeError("a Kernel belongs to this process and cannot be pickled; load the module in each process")


class KernelModule:
    """An assembly of kernels. A context manager; ``close()`` unloads it, as does the end of its last reference."""

    def __init__(self, path):
        self._resources = _contextlib.ExitStack()
        try:
            self._path = _file_path(path, self._resources)
            self._number = _operation("_load_kernels")(self._path)
        except BaseException:
            self._resources.close()
            raise
        self._kernels = {}
        self._finalizer = _weakref.finalize(self, _close, self._number, self._resources)

    @property
    def path(self):
        """The file it was loaded from."""
        return self._path

    @property
    def closed(self):
        """True once it is unloaded."""
        return not self._finalizer.alive

    def kernel(self, name):
        """The kernel of that name, or of that end of a name (``Saxpy``); of overloads, the one with that signature.

        Raises KeyError, with what there is, or why a method is no kernel.
        """
        known = self._kernels.get(name)
        known = known() if known is not None else None
        if known is None:
            known = Kernel(self, name)
            self._kernels[name] = _weakref.ref(known)
        return known

    def kernels(self):
        """All kernels and exported host methods: a list of KernelInfo (name, signature, engine)."""
        return [KernelInfo(*entry[:3]) for entry in _operation("_list_kernels")(self._number)]

    def close(self):
        """Unloads the assembly, when the kernels that are running have ended. Its kernels raise ValueError from then on."""
        self._finalizer()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __repr__(self):
        return f"<kernel module {self._path!r}{', closed' if self.closed else ''}>"

    def __reduce__(self):
        raise TypeError("a KernelModule belongs to this process and cannot be pickled; load it in each process")


def load(path):
    """Loads a .NET assembly of kernels.

    path is a file name, a path object, or a package resource (``importlib.resources.files('mypackage') / 'MyKernels.dll'``).
    What the assembly depends on is looked for beside it; ILGPU and TensorBridge are always this package's own.

    Raises FileNotFoundError, ValueError for a file that is no .NET assembly, TypeError for one whose dependencies are missing.
    """
    return KernelModule(path)


def _file_path(path, resources):
    if not isinstance(path, (str, bytes)) and not hasattr(path, "__fspath__") and hasattr(path, "read_bytes"):
        from importlib.resources import as_file

        path = resources.enter_context(as_file(path))
    return _os.fsdecode(path)


def _close(number, resources):
    _operation("_close_kernels")(number)
    resources.close()
