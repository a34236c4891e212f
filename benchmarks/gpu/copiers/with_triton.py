"""A tile by Triton, which chooses words and shared memory itself."""

import triton
import triton.language as tl

from libraries.base import Missing

from .planes import planes_of
from .with_torch import TorchCopier, open_torch


@triton.jit
def tile(source, target, fast, slow, pitch, batch_stride, tiles_fast, tiles_slow, SIDE: tl.constexpr):
    index = tl.program_id(0).to(tl.int64)
    batch = index // tiles_fast // tiles_slow
    x = index % tiles_fast * SIDE + tl.arange(0, SIDE)
    y = index // tiles_fast % tiles_slow * SIDE + tl.arange(0, SIDE)
    block = tl.load(source + batch * batch_stride + y[:, None] * pitch + x[None, :], mask=(y[:, None] < slow) & (x[None, :] < fast))
    tl.store(target + batch * fast * slow + x[:, None] * slow + y[None, :], tl.trans(block), mask=(x[:, None] < fast) & (y[None, :] < slow))


class TritonCopier(TorchCopier):
    def __init__(self, torch, launches, rounds):
        super().__init__(torch, launches, rounds)
        self.version = triton.__version__

    def prepare(self, case, source, target):
        planes = planes_of(case)
        if case["itemSize"] > 8:
            raise Missing("Triton has no elements of 16 bytes")
        # 16 KiB of a tile at most; narrow planes take no wide ones.
        side = 64 if case["itemSize"] <= 4 else 32
        tiles_fast, tiles_slow = triton.cdiv(planes.fast, side), triton.cdiv(planes.slow, side)
        grid = (planes.batch * tiles_fast * tiles_slow,)
        return lambda: tile[grid](source, target, planes.fast, planes.slow, planes.pitch, planes.batch_stride, tiles_fast, tiles_slow, SIDE=side)


def open_copier(launches, rounds):
    return TritonCopier(open_torch(), launches, rounds)
