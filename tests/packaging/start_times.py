"""Prints how long a fresh interpreter takes to import the installed package, to start .NET and to run a first kernel.

start_times.py [WHEEL RESULTS.json]: with TENSORBRIDGE_RECORD=1 the least times go into RESULTS.json, with the wheel's size.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

ROUNDS = 5
STEPS = ("import tensorbridge", "first use, starts .NET", "first kernel")
PROBE = """
import array, os, time
t0 = time.perf_counter(); import tensorbridge as tb
t1 = time.perf_counter(); tb.asarray(b'x')
t2 = time.perf_counter()
module = tb.load(os.path.join(os.path.dirname(tb.__file__), 'managed', 'TensorBridge.DemoKernels.dll'))
module.kernel('Count')(array.array('f', [0] * 12))
t3 = time.perf_counter()
print(t1 - t0, t2 - t1, t3 - t2)
"""


def main(wheel=None, results=None):
    rounds = [
        [float(value) for value in subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True).stdout.split()]
        for _ in range(ROUNDS)
    ]
    times = dict(zip(STEPS, zip(*rounds)))
    for name, values in times.items():
        print(f"-> {name:24} {statistics.median(values) * 1e3:8.1f} ms (least {min(values) * 1e3:.1f})")
    if results is not None and os.environ.get("TENSORBRIDGE_RECORD") == "1":
        record(pathlib.Path(wheel), pathlib.Path(results), {name: min(values) for name, values in times.items()})


def record(wheel, results, seconds):
    kept = json.loads(results.read_text()) if results.exists() else {}
    kind = "wheel that brings .NET along" if "+dotnet" in wheel.name else "wheel"
    kept[kind] = {"bytes": wheel.stat().st_size, "seconds": seconds}
    results.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
