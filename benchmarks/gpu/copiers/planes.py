"""What transposing kernels take: planes with one unit stride on either side."""

from typing import NamedTuple

from .base import Missing


class Planes(NamedTuple):
    """``target[b, i, j] = source[b, j, i]``: source rows of ``fast`` elements, ``pitch`` apart; all in elements."""

    batch: int
    fast: int
    slow: int
    pitch: int
    batch_stride: int


def planes_of(case):
    """The planes of a case; raises Missing where it is none."""
    size, shape, strides = case["itemSize"], case["shape"], case["strides"]
    transposed = len(shape) in (2, 3) and strides[-2] == size and all(stride > 0 and stride % size == 0 for stride in strides)
    if not transposed or case["offset"] != 0 or case["sourceType"] != case["destinationType"]:
        raise Missing("a tile transposes planes, and this case is none")
    batch, batch_stride = (shape[0], strides[0] // size) if len(shape) == 3 else (1, 0)
    return Planes(batch, shape[-2], shape[-1], strides[-1] // size, batch_stride)
