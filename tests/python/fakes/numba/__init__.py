"""A fake of Numba; see ../README.md."""

__version__ = "fake"
