#!/usr/bin/env python3
"""The interop matrix of one library on CUDA device 0.

    python3 interop.py LIBRARY --out FILE.json [--cell-seconds 40]

LIBRARY is cupy, torch, numba, jax, or on the driver stand-in standin or standin_frozen. Every cell is written to the file before it begins (as "running") and after
it ended (pass, FAIL with the error, SKIP with what is missing). A process that dies in a cell is started again with the
same arguments: it counts that cell as failed and goes on behind it. Exit code 0: all done; 3: all done, some cell failed;
75: the device is spoilt for this process, start it again.
"""

import argparse
import faulthandler
import os
import sys
import time
import traceback

import results
from driver import Driver, DriverError

FAILED, AGAIN = 3, 75


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--out", required=True)
    parser.add_argument("--kernels", default=os.environ.get("TENSORBRIDGE_GPU_KERNELS"), help="the assembly of sample kernels")
    parser.add_argument("--cell-seconds", type=float, default=40, help="a cell that takes longer ends the process")
    options = parser.parse_args()
    report = results.read(options.out) or {"library": options.library, "cells": []}
    return Run(report, options).run()


class Run:
    """One process's share of a library's matrix."""

    def __init__(self, report, options):
        self.report, self.options = report, options

    def run(self):
        self.bury()
        from libraries import open_library
        from libraries.base import Missing

        try:
            driver = Driver()
            library = open_library(self.options.library, driver)
        except (Missing, OSError, DriverError) as error:
            self.report["missing"] = str(error)
            self.save()
            print(f"SKIP: {self.options.library}: {error}")
            return 0
        tb = load_tensorbridge(driver)
        self.report.update(version=library.version, device=driver.name(), tensorbridge=tb.__version__)
        return self.run_cells(tb, driver, library)

    def run_cells(self, tb, driver, library):
        from cells import Cells

        done = {(cell["row"], cell["column"]) for cell in self.report["cells"]}
        with tb.load(self.options.kernels) as kernels:
            for row, column, function in Cells(tb, library, kernels).all():
                if (row, column) in done:
                    continue
                self.run_cell(row, column, function)
                if not is_usable(driver):
                    return AGAIN
        self.report["complete"] = True
        self.save()
        return FAILED if any(cell["status"] == "FAIL" for cell in self.report["cells"]) else 0

    def run_cell(self, row, column, function):
        from libraries.base import Missing

        cell = {"row": row, "column": column, "status": "running", "detail": ""}
        self.report["cells"].append(cell)
        self.save()
        faulthandler.dump_traceback_later(self.options.cell_seconds, exit=True)
        start = time.perf_counter()
        try:
            cell["detail"] = function()
            cell["status"] = "pass"
        except Missing as reason:
            cell.update(status="SKIP", detail=str(reason))
        except Exception as error:  # of whatever library: the matrix goes on
            cell.update(status="FAIL", detail=f"{type(error).__name__}: {error}")
            traceback.print_exc()
        faulthandler.cancel_dump_traceback_later()
        cell["seconds"] = round(time.perf_counter() - start, 3)
        self.save()
        print(f"{cell['status']:5} {self.report['library']:8} {row:48} {column:24} {cell['detail'][:160]}", flush=True)

    def bury(self):
        """A cell that was running when the last process ended has failed."""
        for cell in self.report["cells"]:
            if cell["status"] == "running":
                cell.update(status="FAIL", detail=f"the process ended here: it crashed, or hung for {self.options.cell_seconds:g} s")
        self.save()

    def save(self):
        results.write(self.options.out, self.report)


def load_tensorbridge(driver):
    """The package; on the driver stand-in with the interpreter that executes its kernels."""
    import tensorbridge as tb

    if driver.is_stand_in:
        interpreter = os.environ["TENSORBRIDGE_GPU_INTERPRETER"]
        tb.load(interpreter).kernel("StandIn.Install")()
    return tb


def is_usable(driver):
    """Whether the context still works: an illegal access spoils it for the rest of the process."""
    try:
        driver.synchronize()
        return True
    except DriverError as error:
        print(f"the device is spoilt for this process: {error}", file=sys.stderr)
        return False


if __name__ == "__main__":
    faulthandler.enable()
    sys.exit(main())
