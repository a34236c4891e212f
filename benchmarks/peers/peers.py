#!/usr/bin/env python3
"""Times one Python array library on the case list, against the C library's memcpy of the same bytes, interleaved round by round.

    peers.py numpy|torch CASES OUT.jsonl [--threads N] [--filter TEXT] [--sizes SMLT] [--effort X]

One library and one number of threads a process: idle pools of other libraries spin on the cores. Warm: into a touched destination (copyto, copy_). Fresh: into new memory
(copy, clone). torch has no negative strides: reversed cases use torch.flip, which always makes new memory and is counted as both.
"""
import argparse
import ctypes
import json
import math
import time

import numpy as np
from numpy.lib.stride_tricks import as_strided

clock = time.perf_counter
memcpy = ctypes.CDLL(None).memcpy
memcpy.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
memcpy.restype = ctypes.c_void_p


class Case:
    def __init__(self, line):
        name, self.size, item, shape, strides, offset, items, to_strides, to_items, swap, target = line.strip().split(";")
        numbers = lambda text: [int(x) for x in text.split(",")]
        self.name, self.item, self.swap, self.target = name, int(item), swap == "1", float(target)
        self.shape, self.strides, self.to_strides = numbers(shape), numbers(strides), numbers(to_strides)
        self.bytes = math.prod(self.shape) * self.item
        dtype = np.dtype(name.split("|")[1])
        self.base = np.zeros(int(items), dtype)
        raw = self.base.view("u1")
        raw[:] = np.resize(np.random.default_rng(1).integers(0, 120, min(raw.size, 1 << 22), "u1"), raw.size)
        self.source = self.view(self.base, int(offset))
        self.to_base = np.ones(int(to_items), dtype)
        self.destination = as_strided(self.to_base, self.shape, [s * self.item for s in self.to_strides])
        self.offset = int(offset)
        self.dense = math.prod(self.shape) == int(to_items) and self.to_strides[-1] == 1

    def view(self, base, offset):
        view = as_strided(base[offset:], self.shape, [s * self.item for s in self.strides])
        return view.view(view.dtype.newbyteorder(">")) if self.swap else view


def numpy_contestants(case):
    yield f"NumPy {np.__version__.rsplit('.', 1)[0]}", False, lambda: np.copyto(case.destination, case.source)
    if case.dense:
        fresh = (lambda: case.source.astype(case.base.dtype)) if case.swap else (lambda: case.source.copy(order="C"))
        yield f"NumPy {np.__version__.rsplit('.', 1)[0]}", True, fresh


def torch_contestants(case):
    import torch
    if case.swap:
        return
    signed = {2: "i2"}
    tensor = lambda array: torch.from_numpy(array.view(signed.get(case.item, array.dtype)))
    name = f"PyTorch {torch.__version__.split('+')[0].rsplit('.', 1)[0]}"
    if min(case.strides) < 0:
        axis = next(i for i, s in enumerate(case.strides) if s < 0)
        whole = tensor(case.base).reshape(case.shape)
        flip = lambda: torch.flip(whole, [axis])
        case.result = lambda: flip().numpy()
        yield name, False, flip
        yield name, True, flip
        return
    source = tensor(case.base).as_strided(case.shape, case.strides, case.offset)
    destination = tensor(case.to_base).as_strided(case.shape, case.to_strides)
    yield name, False, lambda: destination.copy_(source)
    if case.dense:
        yield name, True, lambda: source.clone(memory_format=torch.contiguous_format)


def measure(run, calls):
    start = clock()
    for _ in range(calls):
        run()
    return (clock() - start) / calls


def time_case(case, contestants, effort):
    a, b = np.ones(case.bytes, "u1"), np.ones(case.bytes, "u1")
    to, source, count = a.ctypes.data, b.ctypes.data, case.bytes
    contestants = [("memcpy", False, lambda: memcpy(to, source, count))] + contestants
    rounds = max(3, int((7 if case.bytes > 100e6 else 21 if case.bytes > 1e6 else 41) * effort))
    seconds = [[] for _ in contestants]
    for _ in range(rounds):
        for i, (_, fresh, run) in enumerate(contestants):
            calls = 1 if fresh or case.bytes > 1e6 else 8 if case.bytes > 1e5 else 500
            if not fresh and case.bytes < 100e6:
                run()
            seconds[i].append(measure(run, calls))
    return [(name, fresh, sorted(s)[len(s) // 2]) for (name, fresh, _), s in zip(contestants, seconds)]


def verify(case, contestants):
    case.to_base.view("u1")[:] = 3
    contestants[0][2]()
    result = case.result() if hasattr(case, "result") else case.destination
    expected = case.source
    if result.dtype != expected.dtype and not case.swap:
        result = result.view(expected.dtype)
    assert np.array_equal(result, expected), f"wrong result: {contestants[0][0]} on {case.name}/{case.size}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library", choices=["numpy", "torch"])
    parser.add_argument("cases")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--filter", default="")
    parser.add_argument("--sizes", default="SMLT")
    parser.add_argument("--effort", type=float, default=1)
    options = parser.parse_args()
    if options.library == "torch":
        import torch
        torch.set_num_threads(options.threads)
    with open(options.out, "w") as out:
        for line in open(options.cases):
            fields = line.split(";")
            if fields[1] not in options.sizes or options.filter not in f"{fields[0]}/{fields[1]}":
                continue
            case = Case(line)
            contestants = list((torch_contestants if options.library == "torch" else numpy_contestants)(case))
            if not contestants:
                continue
            verify(case, contestants)
            times = time_case(case, contestants, options.effort)
            for name, fresh, seconds in times:
                threads = 1 if name == "memcpy" else options.threads
                record = {"case": case.name, "size": case.size, "peer": name, "threads": threads, "fresh": fresh, "seconds": seconds, "ratio": times[0][2] / seconds, "target": case.target}
                out.write(json.dumps(record) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
