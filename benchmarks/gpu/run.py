#!/usr/bin/env python3
"""Interop matrix, then copy benchmark, on a machine with a CUDA GPU and no .NET; all results in one folder.

    python3 run.py OUT_DIR [--seconds 570] [--only interop|copies] [--mib 256]

Every step is a process of its own with a limit of its own, and the limits shrink so that the table is written before the
time is up. What is in OUT_DIR afterwards:

    report.md     the matrix and the table of copies
    copies.svg    the plot
    *.json        all figures: interop-LIBRARY, tensorbridge, baselines-LIBRARY, run (each step: status, seconds)
    *.log         what each step printed

Exit code 0: every cell passed or was skipped, and every copy was right; 1: some failed; 2: the script could not begin; 77:
nothing could be run here (no GPU, or none of the libraries).
"""

import argparse
import os
import signal
import subprocess
import sys
import time

import results

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
LIBRARIES = ("cupy", "torch", "numba", "jax")
STAND_INS = ("standin", "standin_frozen")
BASELINES = ("cupy", "torch", "cuda-c++", "triton")
RESERVE = 15  # seconds for the report
RESTARTS = 6  # of one library, each behind a cell that took the process down
AGAIN = 75
NOTHING_TO_DO = 77


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, default=570, help="the whole run")
    parser.add_argument("--only", choices=("interop", "copies"))
    parser.add_argument("--mib", default="256", help="payload of the copies; fractions are fine")
    parser.add_argument("--launches", default="20")
    parser.add_argument("--rounds", default="7")
    parser.add_argument("--permutations", default="3", help="random permutations of each rank")
    parser.add_argument("--filter", default="", help="only copies whose name contains this")
    parser.add_argument("--stand-in", metavar="FOLDER", help="the folder of a driver stand-in: play through without a GPU")
    parser.add_argument("--interpreter", metavar="DLL", help="with --stand-in: the assembly that executes kernels")
    options = parser.parse_args()
    # Every step runs inside the folder of results.
    options.out = os.path.abspath(options.out)
    options.stand_in = options.stand_in and os.path.abspath(options.stand_in)
    options.interpreter = options.interpreter and os.path.abspath(options.interpreter)
    os.makedirs(options.out, exist_ok=True)
    try:
        parts = Parts()
    except FileNotFoundError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    run = Run(options, parts)
    if options.only != "copies":
        run.interop()
    if options.only != "interop":
        run.copies()
    return run.report()


class Parts:
    """Where the parts lie: beside this folder in an unpacked archive, in artifacts/ in the repository."""

    def __init__(self):
        bins = os.path.join(os.path.dirname(ROOT), "artifacts", "dotnet", "bin")
        self.package = self._first(os.path.join(ROOT, "python"), os.path.join(bins, "..", "..", "python"), inside="tensorbridge")
        self.kernels = self._first(
            os.path.join(ROOT, "kernels"), os.path.join(bins, "TensorBridge.SampleKernels", "release"), inside="TensorBridge.SampleKernels.dll"
        )
        self.benchmark = self._first(
            os.path.join(ROOT, "benchmark"), os.path.join(bins, "TensorBridge.GpuBenchmark", "release"), inside="TensorBridge.GpuBenchmark.dll"
        )
        packed = os.path.join(self.package, "tensorbridge", "dotnet", "dotnet")
        self.dotnet = packed if os.path.exists(packed) else "dotnet"

    @staticmethod
    def _first(*folders, inside):
        for folder in folders:
            if os.path.exists(os.path.join(folder, inside)):
                return os.path.normpath(folder)
        raise FileNotFoundError(f"{inside} is in none of {', '.join(folders)}; unpack the archive whole, or run ./build.sh build in the repository")


class Run:
    """The steps, and what became of them."""

    def __init__(self, options, parts):
        self.options, self.parts = options, parts
        self.end = time.monotonic() + options.seconds
        self.steps = []
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [parts.package, os.path.join(os.path.dirname(ROOT), "tests", "python"), os.environ.get("PYTHONPATH")])),
            "PYTHONUNBUFFERED": "1",
            "TENSORBRIDGE_GPU_KERNELS": os.path.join(parts.kernels, "TensorBridge.SampleKernels.dll"),
            "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
            "DOTNET_gcServer": "0",
            "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        }
        if options.stand_in:
            self.environment["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, [options.stand_in, os.environ.get("LD_LIBRARY_PATH")]))
            self.environment["TENSORBRIDGE_GPU_INTERPRETER"] = options.interpreter or ""

    def path(self, name):
        return os.path.join(self.options.out, name)

    # ---- the steps ---------------------------------------------------------------------------------------

    def interop(self):
        self.step("machine", 40, sys.executable, os.path.join(HERE, "machine.py"))
        for library in LIBRARIES + (STAND_INS if self.options.stand_in else ()):
            self.library(library)

    def library(self, library):
        """A library's matrix, begun again behind every cell that takes the process down."""
        command = [sys.executable, os.path.join(HERE, "interop.py"), library, "--out", self.path(f"interop-{library}.json")]
        for _ in range(RESTARTS):
            status = self.step(f"interop-{library}", 90, *command)
            if status in (0, 3):
                return
            if status == "time":
                break
        self.bury(library)

    def bury(self, library):
        """A matrix that did not come to its end has failed, whatever its cells say."""
        path = self.path(f"interop-{library}.json")
        report = results.read(path) or {"library": library, "cells": []}
        for cell in report["cells"]:
            if cell["status"] == "running":
                cell.update(status="FAIL", detail="the process ended here")
        report["cells"].append({"row": "the whole matrix", "column": "", "status": "FAIL", "detail": f"not finished; see interop-{library}.log"})
        results.write(path, report)

    def copies(self):
        """The C# runner, then the same cases by others."""
        options = self.options
        cases = self.path("cases.json")
        runner = [self.parts.dotnet, "exec", os.path.join(self.parts.benchmark, "TensorBridge.GpuBenchmark.dll")]
        amount = ["--mib", options.mib, "--filter", options.filter, "--permutations", options.permutations]
        timing = ["--launches", options.launches, "--rounds", options.rounds]
        if self.step("cases", 30, *runner, "--list", cases, *amount) != 0:
            return
        # Ours first, and never so long that the baselines find no time at all.
        interpreter = ["--interpreter", options.interpreter] if options.interpreter else []
        self.measure("tensorbridge", 0.5, *runner, "--out", self.path("tensorbridge.json"), *amount, *timing, *interpreter)
        left = BASELINES if not options.stand_in else BASELINES + ("numpy",)
        for index, library in enumerate(left):
            script = os.path.join(HERE, "baselines.py")
            out = self.path(f"baselines-{library}.json")
            self.measure(f"baselines-{library}", 1 / (len(left) - index), sys.executable, script, library, "--cases", cases, "--out", out, *timing)

    def measure(self, name, share, *command):
        """Gives a step its share of the time that is left; the step stops by itself before the limit ends it."""
        seconds = share * self.left()
        return self.step(name, seconds + 10, *command, "--seconds", f"{max(1, seconds - 5):.0f}")

    def left(self):
        return self.end - time.monotonic() - RESERVE

    def step(self, name, limit, *command):
        """Runs a process; answers its exit code, or 'time' when the limit ended it."""
        limit = min(limit, self.left())
        step = {"name": name, "status": "no time left", "seconds": 0.0}
        self.steps.append(step)
        start = time.monotonic()
        status = "time"
        if limit > 1:
            print(f"== {name} (at most {limit:.0f} s)", flush=True)
            status = self.execute(name, limit, command)
            step["status"] = status
        step["seconds"] = round(time.monotonic() - start, 1)
        results.write(self.path("run.json"), {"steps": self.steps, "standIn": bool(self.options.stand_in)})
        return status

    def execute(self, name, limit, command):
        path = self.path(f"{name}.log")
        with open(path, "ab") as log:
            begin = log.tell()
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=self.environment, cwd=self.options.out, start_new_session=True)
            try:
                status = process.wait(timeout=limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                status = "time"
        with open(path, "rb") as log:
            log.seek(begin)
            print(log.read().decode(errors="replace"), end="", flush=True)
        if status not in (0, 3):
            print(f"-- {name} ended with {status}", flush=True)
        return status

    # ---- the end -----------------------------------------------------------------------------------------

    def report(self):
        subprocess.run([sys.executable, os.path.join(HERE, "report.py"), self.options.out], env=self.environment, check=False)
        failures = self.failures()
        for line in failures:
            print(f"FAIL {line}")
        cells = [cell["status"] for _, cell in self.cells()]
        copies = len((results.read(self.path("tensorbridge.json")) or {"copies": []})["copies"])
        print(f"== {cells.count('pass')} cells passed, {cells.count('FAIL')} failed, {cells.count('SKIP')} skipped; {copies} copies measured; results are in {self.options.out}")
        if failures:
            return 1
        return 0 if "pass" in cells or copies else NOTHING_TO_DO

    def cells(self):
        """(library, cell) of all matrices."""
        for library in LIBRARIES + STAND_INS:
            for cell in (results.read(self.path(f"interop-{library}.json")) or {"cells": []})["cells"]:
                yield library, cell

    def failures(self):
        """What went wrong, in words."""
        found = [f"{library}: {cell['row']} ({cell['column']})" for library, cell in self.cells() if cell["status"] == "FAIL"]
        steps = [step for step in self.steps if not step["name"].startswith("interop-") and step["status"] not in (0, NOTHING_TO_DO)]
        return found + [f"step {step['name']} ended with {step['status']}" for step in steps]


if __name__ == "__main__":
    sys.exit(main())
