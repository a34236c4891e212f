#!/usr/bin/env python3
"""The benchmark's copies by another library, in a process of its own.

    python3 baselines.py LIBRARY --cases cases.json --out FILE.json [--seconds N] [--launches 20] [--rounds 7]

LIBRARY is cupy (copyto), torch (copy_), cuda-c++ (a tile by hand, compiled by NVRTC through CuPy), triton (a tile of its
own), or numpy (on the host, to try the script without a GPU). The cases are those that the C# runner lists. Every result is
compared element by element with one gathered by index arithmetic; times are medians of rounds of launches between events,
as fractions of a memcpy of the same bytes measured before and after. Exit code 0, 3 when a result is wrong, 77 when the
library is missing.
"""

import argparse
import json
import sys
import time

import results
from copiers import open_copier
from libraries.base import Missing

WRONG, NOTHING_TO_DO = 3, 77


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--cases", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no further case is begun after that time")
    parser.add_argument("--launches", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    try:
        copier = open_copier(options.library, options.launches, options.rounds)
    except Missing as reason:
        print(f"SKIP: {options.library}: {reason}")
        results.write(options.out, {"library": options.library, "missing": str(reason), "copies": [], "latencies": []})
        return NOTHING_TO_DO
    with open(options.cases, encoding="utf-8") as file:
        cases = json.load(file)
    return Run(copier, options).run(cases)


class Run:
    def __init__(self, copier, options):
        self.copier, self.options = copier, options
        self.end = time.monotonic() + options.seconds
        self.report = {"library": options.library, "version": copier.version, "copies": [], "latencies": []}

    def run(self, cases):
        self.latencies()
        for index, case in enumerate(cases):
            if time.monotonic() > self.end:
                self.report["notMeasured"] = len(cases) - index
                print(f"time is up: {len(cases) - index} cases were not measured")
                break
            self.case(case)
            results.write(self.options.out, self.report)
        results.write(self.options.out, self.report)
        return 0 if all(entry.get("correct", True) for entry in self.report["copies"]) else WRONG

    def latencies(self):
        side = 32
        while side <= 2048:
            try:
                enqueue, done = self.copier.latency(side)
            except Missing:
                return
            self.report["latencies"].append({"case": "transpose", "bytes": 4 * side * side, "enqueueMicroseconds": enqueue, "doneMicroseconds": done})
            print(f"transpose of {4 * side * side} bytes: {enqueue:.1f} us to enqueue, {done:.1f} us until done", flush=True)
            side *= 2

    def case(self, case):
        entry = {"case": case["case"], "type": case["type"], "itemSize": case["itemSize"]}
        try:
            entry.update(self.copier.measure(case))
            text = f"{entry['milliseconds']:8.3f} ms  {entry['memcpyFraction']:.2f} of memcpy{'' if entry['correct'] else '  WRONG'}"
        except Missing as reason:
            entry["missing"] = text = str(reason)
        except Exception as error:  # of whatever library: the others are still to be measured
            entry["missing"] = text = f"{type(error).__name__}: {error}"
        self.report["copies"].append(entry)
        print(f"{self.options.library:8} {case['case']:34} {case['type']:12} {text[:120]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
