"""Heat maps of matrices as PNG files, with nothing but the standard library."""

import functools as _functools
import math as _math
import os as _os
import struct as _struct
import zlib as _zlib

from ._tensor import _operation

__all__ = ["show"]


def show(x, path, *, low=None, high=None):
    """Write a heat map of a matrix to a PNG file.

    x: a tensor or any array in host memory with two axes and numeric elements; of complex numbers the magnitude is shown.
    path: the file, a str or os.PathLike. low, high: the values at the dark and at the bright end of the colours; by default
        the least and the greatest finite value.

    The first axis runs down, the second to the right. Small matrices are enlarged, more than 1024 rows or columns are
    averaged. NaN and infinities are grey. Brightness grows evenly with the value, to the eye and in black and white.

    Returns (low, high) as used. Raises ValueError for another number of axes or no elements, TypeError for elements that
    are no numbers, RuntimeError for device memory, OSError where the file cannot be written.
    """
    height, width, low, high, shades = _operation("_heat_map")(x, low, high)
    with open(_os.fspath(path), "wb") as file:
        file.write(_png(height, width, shades))
    return low, high


# ---- the file


def _png(height, width, shades):
    """A PNG with a palette: one byte for each pixel, every row after a zero that says it is not filtered."""
    rows = b"".join(b"\0" + shades[start : start + width] for start in range(0, height * width, width))
    header = _struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (b"IHDR", header), (b"PLTE", _palette()), (b"IDAT", _zlib.compress(rows, 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind, data):
    return _struct.pack(">I", len(data)) + kind + data + _struct.pack(">I", _zlib.crc32(kind + data))


# ---- the colours


@_functools.lru_cache(maxsize=None)
def _palette():
    """255 colours whose lightness grows evenly while the hue runs from violet over blue and green to yellow; then grey."""
    colours = [_colour(shade / 254) for shade in range(255)] + [(128, 128, 128)]
    return bytes(part for colour in colours for part in colour)


def _colour(position):
    lightness = 0.2 + 0.75 * position
    hue = _math.radians(300 - 195 * position)
    chroma = 0.16
    while True:
        linear = _linear_rgb(lightness, chroma * _math.cos(hue), chroma * _math.sin(hue))
        if all(0 <= part <= 1 for part in linear):
            return tuple(round(255 * _gamma(part)) for part in linear)
        chroma *= 0.97  # out of what a screen can show: paler, at the same lightness and hue


def _linear_rgb(lightness, a, b):
    """From Oklab (B. Ottosson, 2020), in which equal steps look equal."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(part):
    """The transfer function of sRGB."""
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
