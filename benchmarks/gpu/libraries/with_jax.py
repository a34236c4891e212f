"""JAX: immutable arrays, no streams in users' hands."""

import os

from .base import Library, Missing, Taker, require

NO_STREAMS = "JAX gives its users no streams and no way to switch the ordering off"


class Jax(Library):
    name = "jax"
    read_only = True
    pending_only_on_legacy = {"dlpack": NO_STREAMS}
    no_stream_in = {"cuda_array_interface": "JAX's interface is version 2, without a stream: it waits until the array is ready"}

    def __init__(self, driver, jax):
        super().__init__(driver)
        self.jax, self.numpy = jax, jax.numpy
        self.device = jax.devices("gpu")[0]
        unknown = "JAX does not document what it does with the interface's stream, nor does it keep the owner: its user does both"
        self.takers = (Taker("jax.dlpack.from_dlpack", jax.dlpack.from_dlpack), Taker("jax.numpy.asarray", jax.numpy.asarray, unknown))
        # Each step needs the one before: some tenths of a second of enqueued work, whatever the compiler does.
        self.slow = jax.jit(lambda x, value: jax.lax.fori_loop(0, 30000, lambda _, y: jax.numpy.sin(y), x) * 0 + value)

    @property
    def version(self):
        return self.jax.__version__

    def full(self, shape, value):
        array = self.jax.device_put(self.numpy.full(tuple(shape), value, dtype=self.numpy.float32), self.device)
        array.block_until_ready()
        self.driver.synchronize()
        return array

    def pointer(self, array):
        return array.unsafe_buffer_pointer()

    def transposed(self, array):
        raise Missing("JAX arrays are dense: a transposed one is a copy")

    def values(self, array):
        self.driver.synchronize()
        # An array keeps what it was once read as; a new one is read anew.
        return self.jax.device_get(array + 0).ravel().tolist()

    def pending(self, array, value, stream):
        return self.slow(array, value)

    def copied(self, source, spare, stream):
        return source + 0

    def settle(self, array, stream):
        array.block_until_ready()


def open_library(driver):
    # JAX would take most of the memory of the device at once.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    jax = require("jax", "install it with: pip install 'jax[cuda12]'")
    require("jax.dlpack", "install a newer JAX")
    try:
        jax.devices("gpu")
    except RuntimeError as error:
        raise Missing(f"JAX sees no GPU ({str(error).splitlines()[0]}); install it with: pip install 'jax[cuda12]'") from None
    return Jax(driver, jax)
