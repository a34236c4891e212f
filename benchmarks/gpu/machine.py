#!/usr/bin/env python3
"""What this machine is: driver, devices, versions. Nothing here can fail the run but a TensorBridge that does not start."""

import importlib.metadata
import subprocess
import sys

NAMES = ("numpy", "cupy", "cupy-cuda12x", "cupy-cuda13x", "torch", "numba", "numba-cuda", "jax", "jaxlib", "triton", "matplotlib")


def main():
    print(sys.version)
    for name in NAMES:
        try:
            print(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            print(f"{name} is not installed")
    for command in (["nvidia-smi"], ["nvcc", "--version"]):
        try:
            print(subprocess.run(command, capture_output=True, text=True, timeout=20).stdout)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"{command[0]}: {error}")
    import tensorbridge as tb

    print(f"tensorbridge {tb.__version__}")
    for device in tb.devices():
        print(device)
    print(tb.doctor())


if __name__ == "__main__":
    main()
