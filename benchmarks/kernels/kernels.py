#!/usr/bin/env python3
"""Times C# kernels called from Python beside NumPy's ufuncs and, where it is installed, Numba's @vectorize.

    PYTHONPATH=artifacts/python python3 benchmarks/kernels/kernels.py [--json FILE]

Build the solution in Release first. Contestants are interleaved round by round; the figure is the median of the rounds.
"""
import argparse
import json
import os
import pathlib
import statistics
import time

import numpy as np

import tensorbridge as tb

try:
    import numba
except ImportError:
    numba = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "artifacts/dotnet/bin/TensorBridge.SampleKernels/release/TensorBridge.SampleKernels.dll"
ALPHA = np.float32(2)


def contestants(shape, kernel, two_dimensional):
    x, y, temporary = (np.ones(shape, np.float32) for _ in range(3))
    if two_dimensional:
        x, y, temporary = (np.ones((shape[0], 2 * shape[1]), np.float32)[:, ::2] for _ in range(3))

    def ufuncs():
        np.multiply(x, ALPHA, out=temporary)
        np.add(y, temporary, out=y)

    yield "C# kernel", lambda: kernel(2.0, x, y)
    yield "NumPy, two ufuncs", ufuncs
    if numba is not None:
        axpy = numba.vectorize(["f4(f4, f4, f4)"], target="parallel")(lambda a, b, c: a * b + c)
        single = numba.vectorize(["f4(f4, f4, f4)"])(lambda a, b, c: a * b + c)
        yield "Numba @vectorize", lambda: single(ALPHA, x, y, y)
        yield "Numba @vectorize, parallel", lambda: axpy(ALPHA, x, y, y)


def measure(run, calls):
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


def compare(title, runs, calls, rounds):
    seconds = {name: [] for name, _ in runs}
    for name, run in runs:
        measure(run, calls)
    for _ in range(rounds):
        for name, run in runs:
            seconds[name].append(measure(run, calls))
    return [{"case": title, "who": name, "seconds": statistics.median(values), "best": min(values)} for name, values in seconds.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    with tb.load(SAMPLES) as module:
        flat, strided = module.kernel("MyKernels.Saxpy"), module.kernel("MyKernels.Saxpy2D")
        results = compare("y = 2x + y, 12 elements", list(contestants((12,), flat, False)), 5000, 9)
        results += compare("y = 2x + y, 10^7 elements", list(contestants((10**7,), flat, False)), 1, 11)
        results += compare("y = 2x + y, (4000, 2500), every second element", list(contestants((4000, 2500), strided, True)), 1, 11)
    case = None
    for result in results:
        if result["case"] != case:
            case = result["case"]
            print(f"\n| {case} | median | best |\n|---|---|---|")
        unit, scale = ("µs", 1e6) if result["seconds"] < 1e-4 else ("ms", 1e3)
        print(f"| {result['who']} | {result['seconds'] * scale:.2f} {unit} | {result['best'] * scale:.2f} {unit} |")
    if options.json:
        options.json.write_text(json.dumps({"cores": os.cpu_count(), "numpy": np.__version__, "results": results}, indent=1) + "\n")


main()
