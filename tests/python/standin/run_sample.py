"""run_sample.py SAMPLE [ARGUMENT ...]: a sample as it is, where the driver and its libraries are stand-ins."""

import runpy
import sys

import interpreter  # noqa: F401  installs itself

sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
