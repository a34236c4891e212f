"""NumPy's .npy files as tensors, without NumPy: mapped, loaded, saved."""

import os as _os

from ._tensor import _operation

__all__ = ["open_npy", "load_npy", "save_npy"]


def open_npy(path, mode="r", *, dtype=None, shape=None, order="C"):
    """Map a .npy file into memory; nothing is read until it is touched.

    path: the file, a str or os.PathLike.
    mode: 'r' read-only; 'r+' changes go to the file; 'c' changes stay in this process; 'w+' makes a new file of zeros,
        which needs dtype and shape and takes order ('C' or 'F'). An existing file of that name is replaced, and who has it
        mapped keeps the old one.

    Returns a Tensor. The file is unmapped when the tensor and everything made from it are gone; flush_npy(tensor) waits for the
    disk. The file must keep its length while it is mapped: touching a page that another program has cut off ends the process.

    Raises FileNotFoundError; OSError; ValueError or TypeError for a malformed header (the message names the key) and for data
    shorter than the header says; OverflowError for sizes beyond 63 bits; TypeError for arrays of Python objects.
    """
    path = _path(path)
    if mode != "w+":
        if dtype is not None or shape is not None or order != "C":
            raise TypeError(f"dtype, shape and order are for mode 'w+'; with mode {mode!r} they come from the file")
        return _operation("_open_npy")(path, mode)
    if dtype is None or shape is None:
        raise TypeError("mode 'w+' makes a new file: give its dtype and its shape")
    return _operation("_create_npy")(path, dtype, shape, order)


def load_npy(path):
    """Read a .npy file into memory of its own; Tensor. Errors as for open_npy."""
    return _operation("_load_npy")(_path(path))


def save_npy(path, x, *, order="K", dtype=None, casting="same_kind"):
    """Save a tensor, or any array that asarray takes, to a .npy file.

    path: the file, a str or os.PathLike. It is written beside its place first and then put there, so that readers see the
        old file or the whole new one. No suffix is added.
    x: an array in host memory, with any strides. Its byte order is kept.
    order: 'K' as numpy.save: Fortran order for what is dense in it, else C; 'C' and 'F' rearrange.
    dtype, casting: the element type in the file, and which conversions are allowed (NumPy's rules).

    Works in bounded memory, also on a mapped tensor larger than memory, and when x is the very file that is replaced.

    Raises TypeError for element types or casts that cannot be, RuntimeError for device memory, OSError.
    """
    _operation("_save_npy")(_path(path), x, order, dtype, casting)


def _path(path):
    path = _os.fspath(path)
    return _os.fsdecode(path) if isinstance(path, bytes) else path
