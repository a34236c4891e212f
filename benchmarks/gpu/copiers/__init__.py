"""The libraries that copy beside TensorBridge, each behind ``base.Copier``."""

import importlib

from libraries.base import Missing

MODULES = {"cupy": "with_cupy", "cuda-c++": "with_cuda_tile", "torch": "with_torch", "triton": "with_triton", "numpy": "with_numpy"}


def open_copier(name, launches, rounds):
    """The copier of that name; raises Missing with the way to get it where it cannot work here."""
    try:
        module = importlib.import_module(f"{__name__}.{MODULES[name]}")
    except ImportError as error:
        raise Missing(f"{error}; install it with: pip install {error.name or name}") from None
    return module.open_copier(launches, rounds)
