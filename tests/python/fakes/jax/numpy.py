"""A fake of jax.numpy; see ../README.md."""

float32 = "float32"


def full(shape, value, dtype):
    from . import LIBRARY

    assert dtype == float32
    return LIBRARY.full(shape, value)


def asarray(source):
    from . import LIBRARY, Array

    interface = source.__cuda_array_interface__
    assert interface["strides"] is None
    shape = interface["shape"]
    return Array(LIBRARY, None, interface["data"][0], shape, (shape[1], 1))  # keeps nothing, as JAX does
