"""Which arrays share memory with tensorbridge, and by which door: tried, not claimed.

Each library that is installed hands its array over by every protocol in turn and takes a tensor back; a door counts when the
address is the same on both sides. What a machine lacks is left out, so results of several machines add up.
"""

import array
import ctypes
import importlib
import mmap
import timeit
from typing import Any, Callable, NamedTuple

import numpy as np
import tensorbridge as tb

PROTOCOLS = ("buffer", "array_struct", "array_interface", "dlpack", "cuda_array_interface")
CALLS, ROUNDS = 500, 60


class Library(NamedTuple):
    """One kind of array: an example, how to learn its address, and the ways from a tensor, each a function to (array, address)."""

    name: str
    version: str
    example: Any
    address: Callable[[Any], int]
    ways_out: dict[str, Callable[[Any], Any]]


def libraries():
    """The libraries of this machine. PyTorch counts once for the host and once for a GPU."""
    grid = np.arange(12, dtype="f4").reshape(3, 4)
    yield Library("NumPy", np.__version__, grid, lambda x: x.ctypes.data, {"np.asarray": np.asarray, "np.from_dlpack": np.from_dlpack})
    yield from torch_arrays()
    for make in (cupy_arrays, jax_arrays, numba_arrays):
        try:
            yield make()
        except (ImportError, RuntimeError, AttributeError, OSError):
            continue  # not installed, or no device for it
    plain = ctypes.c_float * 12
    for example in (bytearray(48), memoryview(bytearray(48)), array.array("f", bytes(48)), mmap.mmap(-1, 48), plain()):
        kind = "ctypes" if isinstance(example, plain) else type(example).__name__
        yield Library(kind, "", example, lambda x: ctypes.addressof(ctypes.c_char.from_buffer(x)), {"memoryview": memoryview})


def torch_arrays():
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return
    ways = {"torch.from_dlpack": torch.from_dlpack, "torch.asarray": torch.asarray}
    x = torch.arange(12.0).reshape(3, 4)
    yield Library("PyTorch", torch.__version__, x, lambda x: x.data_ptr(), ways)
    if torch.cuda.is_available():
        yield Library("PyTorch on a GPU", torch.__version__, x.cuda(), lambda x: x.data_ptr(), {**ways, "torch.as_tensor": lambda t: torch.as_tensor(t, device="cuda")})


def cupy_arrays():
    cupy = importlib.import_module("cupy")
    x = cupy.arange(12, dtype="f4").reshape(3, 4)
    return Library("CuPy", cupy.__version__, x, lambda x: x.data.ptr, {"cupy.asarray": cupy.asarray, "cupy.from_dlpack": cupy.from_dlpack})


def jax_arrays():
    jax = importlib.import_module("jax")
    x = jax.numpy.arange(12, dtype="float32").reshape(3, 4)
    return Library("JAX", jax.__version__, x, lambda x: x.unsafe_buffer_pointer(), {"jax.dlpack.from_dlpack": jax.dlpack.from_dlpack})


def numba_arrays():
    numba = importlib.import_module("numba")
    cuda = importlib.import_module("numba.cuda")
    x = cuda.to_device(np.arange(12, dtype="f4").reshape(3, 4))
    return Library("Numba", numba.__version__, x, lambda x: x.device_ctypes_pointer.value, {"numba.cuda.as_cuda_array": cuda.as_cuda_array})


def try_all():
    """One record per library: the doors that share memory, each with its ns per call."""
    for library in libraries():
        doors_in = {via: try_in(library, via) for via in PROTOCOLS}
        tensor = tb.asarray(library.example)
        doors_out = {name: try_out(library, tensor, way) for name, way in library.ways_out.items()}
        yield {
            "library": library.name,
            "version": library.version,
            "exchange": hasattr(type(library.example), "__dlpack_c_exchange_api__"),
            "asarray": time_of(tb.asarray, library.example),
            "in": {via: cost for via, cost in doors_in.items() if cost is not None},
            "out": {name: cost for name, cost in doors_out.items() if cost is not None},
        }


def try_in(library, via):
    """ns per call, or None where the library does not speak the protocol."""
    try:
        tensor = tb.asarray(library.example, via=via)
    except (TypeError, BufferError, RuntimeError, ValueError):
        return None
    assert tensor.ptr == library.address(library.example), f"{library.name} by {via}: another address"
    return time_of(tb.asarray, library.example, via)


def try_out(library, tensor, way):
    """ns per call, or None where the library refuses or makes a copy."""
    try:
        made = way(tensor)
        if library.address(made) != tensor.ptr:
            return None
    except (TypeError, BufferError, RuntimeError, ValueError, AttributeError):
        return None
    return time_of(way, tensor)


def time_of(function, argument, via=None):
    statement = "function(argument)" if via is None else "function(argument, via=via)"
    names = {"function": function, "argument": argument, "via": via}
    return round(min(timeit.repeat(statement, globals=names, number=CALLS, repeat=ROUNDS)) / CALLS * 1e9, 1)
