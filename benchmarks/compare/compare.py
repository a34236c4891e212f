#!/usr/bin/env python3
"""Times array_equal and allclose beside NumPy's.

    PYTHONPATH=artifacts/python python3 benchmarks/compare/compare.py [--json FILE]

Equal arrays, so that everything has to be looked at. Contestants take turns round by round; median and fastest of the rounds.
"""
import argparse
import json
import os
import pathlib
import statistics
import time

import numpy as np

import tensorbridge as tb

ROUNDS = 15
QUESTIONS = {"array_equal": (tb.array_equal, np.array_equal), "allclose": (tb.allclose, np.allclose)}


def cases():
    """(title, left, right, calls per round)."""
    for dtype in ("float32", "float64", "int32"):
        for count, calls in ((10**3, 2000), (10**7, 1)):
            x = (np.arange(count) % 1000).astype(dtype)
            yield f"{dtype}, 10^{len(str(count)) - 1} elements", x, x.copy(), calls
    dense = np.ones((4000, 2500), "f4")
    yield "float32, (4000, 2500), every second element", np.ones((4000, 5000), "f4")[:, ::2], dense, 1
    yield "float32, (4000, 2500), one transposed", np.ones((2500, 4000), "f4").T, dense, 1
    yield "float32 and float64, (4000, 2500)", dense.astype("f8"), dense, 1


def measure(run, calls):
    start = time.perf_counter()
    for _ in range(calls):
        assert run()
    return (time.perf_counter() - start) / calls


def compare(title, left, right, calls):
    for question, (ours, theirs) in QUESTIONS.items():
        seconds = {"TensorBridge": [], "NumPy": []}
        runs = {"TensorBridge": lambda: ours(left, right), "NumPy": lambda: theirs(left, right)}
        for run in runs.values():
            measure(run, calls)
        for _ in range(ROUNDS):
            for who, run in runs.items():
                seconds[who].append(measure(run, calls))
        yield {"case": f"{question}, {title}", **{who: {"median": statistics.median(values), "best": min(values)} for who, values in seconds.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    x = np.ones(1000, "f4")
    end = time.perf_counter() + 0.5  # until the managed code is compiled at its best
    while time.perf_counter() < end:
        for ours, _ in QUESTIONS.values():
            for dtype in ("f4", "f8", "i4"):
                ours(x.astype(dtype), x.astype(dtype))
    results = [result for case in cases() for result in compare(*case)]
    print("| question | TensorBridge | NumPy |\n|---|---|---|")
    for result in results:
        print(f"| {result['case']} |", " | ".join(f"{result[who]['median'] * 1e6:.1f} µs (best {result[who]['best'] * 1e6:.1f})" for who in ("TensorBridge", "NumPy")), "|")
    if options.json:
        options.json.write_text(json.dumps({"cores": os.cpu_count(), "numpy": np.__version__, "results": results}, indent=1) + "\n")


main()
