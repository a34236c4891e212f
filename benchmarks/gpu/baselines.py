#!/usr/bin/env python3
"""The same copies by CuPy, PyTorch, Triton and a hand-written CUDA C++ tile, timed by events.

    python3 baselines.py [--mib 256] [--out baselines.json]

Libraries that are missing are named and left out. Times are medians of 7 rounds of 20 launches; memcpy is measured before and after.
"""
import argparse
import json
import math
import statistics

LAUNCHES, ROUNDS = 20, 7

TILE = r"""
extern "C" __global__ void tile(const T* __restrict__ source, T* __restrict__ target, int rows, int columns) {
    __shared__ T block[32][33];
    int x = blockIdx.x * 32 + threadIdx.x, y = blockIdx.y * 32 + threadIdx.y;
    for (int k = 0; k < 32; k += 8)
        if (x < columns && y + k < rows) block[threadIdx.y + k][threadIdx.x] = source[(size_t)(y + k) * columns + x];
    __syncthreads();
    x = blockIdx.y * 32 + threadIdx.x, y = blockIdx.x * 32 + threadIdx.y;
    for (int k = 0; k < 32; k += 8)
        if (x < rows && y + k < columns) target[(size_t)(y + k) * rows + x] = block[threadIdx.x][threadIdx.y + k];
}
"""


def time_ms(cupy, launch):
    launch()
    cupy.cuda.runtime.deviceSynchronize()
    times = []
    for _ in range(ROUNDS):
        start, end = cupy.cuda.Event(), cupy.cuda.Event()
        start.record()
        for _ in range(LAUNCHES):
            launch()
        end.record()
        end.synchronize()
        times.append(cupy.cuda.get_elapsed_time(start, end) / LAUNCHES)
    return statistics.median(times)


def views(cupy, payload):
    """Name, item size and a strided view, as the C# runner makes them."""
    for size, name in ((1, "uint8"), (2, "uint16"), (4, "float32"), (8, "float64"), (16, "complex128")):
        items = payload // size
        side = int(math.sqrt(items)) // 128 * 128
        block = cupy.zeros(items, dtype=name)
        yield "contiguous", size, block
        yield "transpose", size, block[: side * side].reshape(side, side).T
        odd = side - 1
        yield "transpose, odd", size, block[: odd * odd].reshape(odd, odd).T
        two = 1 << int(math.log2(side))
        yield "transpose, power of two", size, block[: two * two].reshape(two, two).T
        yield "permute (0, 2, 1)", size, block[: 64 * (side // 8) ** 2].reshape(64, side // 8, side // 8).transpose(0, 2, 1)
        pixels = items // 3 // 1024 * 1024
        yield "HWC -> CHW, 3", size, block[: 3 * pixels].reshape(pixels, 3).T
        yield "CHW -> HWC, 3", size, block[: 3 * pixels].reshape(3, pixels).T
        group = items // 64 // 1024
        yield "NHWC -> NCHW, 64", size, block[: group * 1024 * 64].reshape(group, 1024, 64).transpose(0, 2, 1)
        yield "x[..., ::2]", size, block[::2]
        yield "x[..., ::16]", size, block[::16]
        yield "reversed", size, block[::-1]
        yield "broadcast rows", size, cupy.broadcast_to(block[:side], (side, side))
        del block


def measure(cupy, payload):
    results = []

    def add(library, case, size, view, launch):
        moved = view.size * size
        memcpy = lambda: bytes_to.data.copy_from_device_async(bytes_from.data, moved, cupy.cuda.get_current_stream())
        before = time_ms(cupy, memcpy)
        ms = time_ms(cupy, launch)
        after = time_ms(cupy, memcpy)
        results.append(dict(library=library, case=case, itemSize=size, milliseconds=ms, memcpyFraction=(before + after) / 2 / ms))
        print(f"{library:8} {case:28} {size:3} bytes {ms:8.3f} ms  {results[-1]['memcpyFraction']:.2f} of memcpy", flush=True)

    try:
        import torch
    except ImportError as error:
        torch = None
        print(f"SKIP: torch ({error})")
    try:
        triton = triton_transpose()
    except ImportError as error:
        triton = None
        print(f"SKIP: triton ({error})")
    bytes_from, bytes_to = cupy.zeros(payload, dtype="uint8"), cupy.zeros(payload, dtype="uint8")
    types = {1: "unsigned char", 2: "unsigned short", 4: "unsigned int", 8: "unsigned long long", 16: "uint4"}
    for case, size, view in views(cupy, payload):
        target = cupy.empty(view.shape, dtype=view.dtype)
        add("cupy", case, size, view, lambda: cupy.copyto(target, view))
        if torch is not None and not any(stride < 0 for stride in view.strides):
            t = torch.as_strided(torch.from_dlpack(view.base if view.base is not None else view).view(-1), view.shape, [s // size for s in view.strides]) if case != "broadcast rows" else None
            if t is not None:
                out = torch.empty(view.shape, dtype=t.dtype, device="cuda")
                add("torch", case, size, view, lambda: out.copy_(t))
        if case.startswith("transpose"):
            columns, rows = view.shape
            kernel = cupy.RawKernel(TILE.replace("T*", types[size] + "*").replace("T block", types[size] + " block"), "tile")
            grid = ((columns + 31) // 32, (rows + 31) // 32)
            add("cuda c++", case, size, view, lambda: kernel(grid, (32, 8), (view.base, target, rows, columns)))
            if triton is not None and torch is not None and size <= 8:
                source = torch.from_dlpack(view.T)
                out = torch.empty(view.shape, dtype=source.dtype, device="cuda")
                add("triton", case, size, view, lambda: triton(source, out, rows, columns))
    return results


def triton_transpose():
    import triton
    import triton.language as tl

    @triton.jit
    def kernel(source, target, rows, columns, SIDE: tl.constexpr):
        y = tl.program_id(1).to(tl.int64) * SIDE + tl.arange(0, SIDE)
        x = tl.program_id(0).to(tl.int64) * SIDE + tl.arange(0, SIDE)
        inside = (y[:, None] < rows) & (x[None, :] < columns)
        block = tl.load(source + y[:, None] * columns + x[None, :], mask=inside)
        tl.store(target + x[:, None] * rows + y[None, :], tl.trans(block), mask=tl.trans(inside))

    def launch(source, target, rows, columns):
        kernel[(triton.cdiv(columns, 64), triton.cdiv(rows, 64))](source, target, rows, columns, SIDE=64)

    return launch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=256)
    parser.add_argument("--out", default="baselines.json")
    options = parser.parse_args()
    try:
        import cupy
    except ImportError as error:
        print(f"SKIP: cupy ({error})")
        return 77
    results = measure(cupy, options.mib << 20)
    with open(options.out, "w", encoding="utf-8") as file:
        json.dump(dict(library="baselines", mib=options.mib, copies=results), file, indent=1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
