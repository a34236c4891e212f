"""What the interop cells ask of a library."""

import contextlib
from typing import Callable, NamedTuple, Optional


class Missing(Exception):
    """A library, or one ability of it, is not here. The text says what is missing and how to get it."""


class Taker(NamedTuple):
    """One way of a library to take our tensors."""

    name: str
    """As its users write it: ``cupy.from_dlpack``."""
    take: Callable
    """Makes an array of the library over a tensor's memory."""
    unordered: Optional[str] = None
    """Why the library does not wait for the tensor's stream; None where it does."""


class Library:
    """An array library on device 0. Arrays are float32; ``stream`` is a stream object of the library."""

    name = ""
    protocols = ("cuda_array_interface", "dlpack")
    """The protocols by which its arrays come in, as ``tb.asarray(via=...)`` names them."""
    read_only = False
    """Whether its arrays must not be written by others."""
    takers = ()
    """A Taker for each way out."""
    pending_only_on_legacy = {}
    """Protocol -> why a tensor that came in by it does not name the producer's own stream."""
    no_stream_in = {}
    """Protocol -> why it does not order: the caller synchronises."""

    def __init__(self, driver):
        self.driver = driver

    @property
    def version(self):
        """As text."""
        raise NotImplementedError

    def full(self, shape, value):
        """A new array of one value, ready: no work is pending on it."""
        raise NotImplementedError

    def pointer(self, array):
        """The address of its first element."""
        raise NotImplementedError

    def values(self, array):
        """Its elements in C order as a flat list, read by the library's own means after all work."""
        raise NotImplementedError

    def transposed(self, array):
        """A view with the axes reversed."""
        return array.T

    def stream(self):
        """A stream of its own, not the default one."""
        raise Missing(f"{self.name} gives its users no streams")

    def number(self, stream):
        """The driver's handle of a stream; None for no stream."""
        return None

    def on(self, stream):
        """A context manager: the library works on that stream inside."""
        return contextlib.nullcontext()

    def delay(self, stream):
        """Enqueues work of about 0.2 s that touches nothing."""
        raise Missing(f"{self.name} gives its users no streams")

    def fill(self, array, value, stream):
        """Enqueues a fill. Nothing is waited for."""
        raise Missing(f"{self.name} gives its users no streams")

    def pending(self, array, value, stream):
        """An array that will hold ``value`` in all elements after 0.2 s of work which is only enqueued: by default ``array`` itself."""
        self.delay(stream)
        self.fill(array, value, stream)
        return array

    def copied(self, source, spare, stream):
        """Enqueues a copy into ``spare`` and gives it, or a new array, back."""
        raise NotImplementedError

    def settle(self, array, stream):
        """Waits for the library's own work on an array that it enqueued on a stream, and for nothing else."""
        self.driver.wait(self.number(stream))

    def offer(self, array, stream):
        """The object to import while work is pending on ``stream``: by default the array, on its current stream."""
        return array

    def managed(self, shape, value):
        """An array in memory that host and device share."""
        raise Missing(f"{self.name} has no managed memory")

    def pinned(self, shape, value):
        """An array in page-locked host memory."""
        raise Missing(f"{self.name} has no page-locked memory that it exports")


def require(module, how):
    """Imports a module; raises Missing where that fails for whatever reason."""
    import importlib

    try:
        return importlib.import_module(module)
    except Exception as error:  # a library on a machine without its driver may raise anything
        raise Missing(f"{module} cannot be imported ({type(error).__name__}: {error}); {how}") from None
