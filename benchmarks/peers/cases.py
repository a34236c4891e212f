#!/usr/bin/env python3
"""Writes the copy problems that all peers solve, one a line, to the file named (default: cases.txt beside this script).

    name;size;item bytes;shape;source strides;source offset;source items;destination strides;destination items;swap;target

Strides, offsets and counts are in items. The size letter names the bytes of the output: T tiny, S 256 KiB, M 8 MiB, L 256 MiB. The target is the fraction of
memcpy's rate that one thread is to reach on a touched destination; for T it is nanoseconds a call.
"""
import math
import os
import sys

ITEM = {"u1": 1, "u2": 2, "f4": 4, "f8": 8, "c16": 16}
BYTES = {"S": 256 << 10, "M": 8 << 20, "L": 256 << 20}

# name prefix, dtypes or None for all: targets for S, M, L. The first that fits holds.
TARGETS = [
    ("contiguous", None, (0.97, 0.95, 1.4)),
    ("transpose misaligned", None, (0.65, 0.5, 0.75)),
    ("transpose", ("u1", "u2"), (0.6, 0.5, 0.6)),
    ("transpose", ("f4",), (0.75, 0.6, 0.85)),
    ("transpose", ("f8",), (0.7, 0.6, 1.0)),
    ("transpose", ("c16",), (0.7, 0.6, 0.9)),
    ("HWC", None, (0.9, 0.8, 0.9)),
    ("CHW", None, (0.7, 0.8, 1.4)),
    ("NCHW to NHWC", ("u1",), (0.5, 0.5, 0.6)),
    ("NCHW", None, (0.6, 0.6, 0.9)),
    ("NHWC", None, (0.6, 0.6, 0.9)),
    ("permute 3-D (1,0,2)", None, (0.9, 0.9, 1.0)),
    ("permute 3-D", None, (0.6, 0.6, 0.85)),
    ("permute 6-D", None, (0.35, 0.35, 0.45)),
    ("x[::2, ::2]", None, (0.5, 0.5, 0.75)),
    ("x[::2]", None, (0.57, 0.6, 0.9)),
    ("x[::3]", None, (0.4, 0.5, 0.58)),
    ("sub-rectangle", None, (0.9, 0.9, 1.3)),
    ("x[::-1] 1-D", None, (0.97, 0.9, 1.4)),
    ("x[::-1]", None, (0.95, 0.85, 1.2)),
    ("x[:, ::-1]", None, (0.95, 0.85, 1.2)),
    ("broadcast", None, (1.5, 2.5, 2.0)),
    ("scatter transposed", None, (0.75, 0.6, 0.85)),
    ("scatter [::2]", None, (0.6, 0.5, 0.75)),
    ("byte swap", None, (0.92, 0.9, 1.4)),
]


def contiguous(shape):
    strides, step = [], 1
    for extent in reversed(shape):
        strides.insert(0, step)
        step *= extent
    return strides


def target(name, dtype, size):
    if size == "T":
        items = int(name.split()[2])
        return {8: 25, 64: 40, 1000: 90}[items] + (0 if "contiguous" in name else 30)
    for prefix, dtypes, values in TARGETS:
        if name.startswith(prefix) and (dtypes is None or dtype in dtypes):
            return values["SML".index(size)]
    raise KeyError(name)


class Writer:
    def __init__(self):
        self.lines = []

    def add(self, name, size, dtype, shape, strides, offset, items, destination=None, destination_items=None, swap=0):
        join = lambda values: ",".join(map(str, values))
        destination = destination or contiguous(shape)
        destination_items = destination_items or math.prod(shape)
        fields = [f"{name}|{dtype}", size, ITEM[dtype], join(shape), join(strides), offset, items, join(destination), destination_items, swap, target(name, dtype, size)]
        self.lines.append(";".join(map(str, fields)))

    def permuted(self, name, size, dtype, base, order):
        strides = contiguous(base)
        self.add(name, size, dtype, [base[i] for i in order], [strides[i] for i in order], 0, math.prod(base))


def sized(w, size, count):
    for dtype, item in ITEM.items():
        n = count // item
        side = math.isqrt(n)
        if dtype == "f4":
            w.add("contiguous", size, dtype, [n], [1], 0, n)
            w.permuted("transpose misaligned", size, dtype, [side - 3, side + 5], [1, 0])
        w.permuted("transpose", size, dtype, [side, side], [1, 0])
    for dtype in ("u1", "f4"):
        n = count // ITEM[dtype]
        for c in (3, 4):
            w.permuted(f"HWC to CHW, C={c}", size, dtype, [n // c, c], [1, 0])
            w.permuted(f"CHW to HWC, C={c}", size, dtype, [c, n // c], [1, 0])
    w.permuted("HWC to CHW, C=3", size, "f8", [count // 8 // 3, 3], [1, 0])
    n, c, height, width = {"S": (1, 16, 64, 64), "M": (2, 64, 128, 128), "L": (16, 64, 256, 256)}[size]
    w.permuted("NCHW to NHWC", size, "f4", [n, c, height, width], [0, 2, 3, 1])
    w.permuted("NHWC to NCHW", size, "f4", [n, height, width, c], [0, 3, 1, 2])
    w.permuted("NCHW to NHWC", size, "u1", [n * 4, c, height, width], [0, 2, 3, 1])
    box = {"S": (41, 40, 40), "M": (130, 126, 128), "L": (400, 400, 419)}[size]
    for order in ((2, 1, 0), (1, 2, 0), (2, 0, 1), (1, 0, 2)):
        w.permuted(f"permute 3-D ({','.join(map(str, order))})", size, "f4", box, order)
    w.permuted("permute 3-D (2,1,0)", size, "f8", [box[0] // 2, box[1], box[2]], (2, 1, 0))
    box = {"S": (6, 6, 6, 7, 7, 6), "M": (11, 11, 11, 11, 11, 13), "L": (20, 20, 20, 20, 20, 21)}[size]
    w.permuted("permute 6-D (5,2,0,4,1,3)", size, "f4", box, (5, 2, 0, 4, 1, 3))
    w.permuted("permute 6-D (3,0,4,1,2,5)", size, "f4", box, (3, 0, 4, 1, 2, 5))
    w.permuted("permute 6-D (5,2,0,4,1,3)", size, "f8", (box[0] // 2,) + box[1:], (5, 2, 0, 4, 1, 3))
    for dtype in ("u1", "f4", "f8"):
        n = count // ITEM[dtype]
        w.add("x[::2]", size, dtype, [n], [2], 0, 2 * n)
    n = count // 4
    side = math.isqrt(n)
    w.add("x[::3]", size, "f4", [n], [3], 0, 3 * n)
    w.add("x[::2, ::2]", size, "f4", [side, side], [4 * side, 2], 0, 4 * side * side)
    if side > 300:
        w.add("sub-rectangle", size, "f4", [side - 200, side - 200], [side, 1], 100 * side + 100, side * side)
    for dtype in ("u1", "f4"):
        m = count // ITEM[dtype]
        w.add("x[::-1] 1-D", size, dtype, [m], [-1], m - 1, m)
    w.add("x[::-1]", size, "f4", [side, side], [-side, 1], side * (side - 1), side * side)
    w.add("x[:, ::-1]", size, "f4", [side, side], [side, -1], side - 1, side * side)
    w.add("broadcast row", size, "f4", [side, side], [0, 1], 0, side)
    w.add("broadcast column", size, "f4", [side, side], [1, 0], 0, side)
    w.add("scatter transposed", size, "f4", [side, side], [side, 1], 0, side * side, [1, side], side * side)
    w.add("scatter [::2]", size, "f4", [n], [1], 0, n, [2], 2 * n)
    for dtype in ("f8", "f4"):
        w.add("byte swap", size, dtype, [count // ITEM[dtype]], [1], 0, count // ITEM[dtype], swap=1)


def tiny(w):
    for items, (rows, columns) in {8: (2, 4), 64: (8, 8), 1000: (40, 25)}.items():
        w.add(f"tiny contiguous {items}", "T", "f4", [items], [1], 0, items)
        w.permuted(f"tiny transpose {items}", "T", "f4", [rows, columns], [1, 0])
        w.add(f"tiny rows {items}", "T", "f4", [rows, columns], [columns + 4, 1], 0, rows * (columns + 4))


def main():
    w = Writer()
    for size, count in BYTES.items():
        sized(w, size, count)
    tiny(w)
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.txt")
    with open(path, "w") as file:
        file.write("\n".join(w.lines) + "\n")
    print(len(w.lines), "cases in", path)


if __name__ == "__main__":
    main()
