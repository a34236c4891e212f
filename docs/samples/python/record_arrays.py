"""record_arrays.py TensorBridge.Samples.dll: a record array in a kernel that takes C# structs."""

import sys

import numpy as np
import tensorbridge as tb

particles = np.zeros(4, [("X", "f4"), ("Speed", "f4"), ("Id", "i8")])
particles["Speed"] = [1, 2, 3, 4]

with tb.load(sys.argv[1]) as module:
    module.kernel("MyKernels.Advance")(particles, 0.5)
print(particles["X"], tb.asarray(particles).dtype)
