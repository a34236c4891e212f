"""A fake of jax.dlpack; see ../README.md."""


def from_dlpack(source):
    from . import LIBRARY

    return LIBRARY._legacy(source)
