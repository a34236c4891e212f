"""Prints how long a fresh interpreter takes to import the installed package, to start .NET and to run a first kernel."""

import statistics
import subprocess
import sys

ROUNDS = 5
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


def main():
    rounds = [
        [float(value) for value in subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True).stdout.split()]
        for _ in range(ROUNDS)
    ]
    for name, values in zip(("import tensorbridge", "first use, starts .NET", "first kernel"), zip(*rounds)):
        print(f"-> {name:24} {statistics.median(values) * 1e3:8.1f} ms (least {min(values) * 1e3:.1f})")


if __name__ == "__main__":
    main()
