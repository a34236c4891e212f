"""csharp_kernel.py TensorBridge.Samples.dll: a C# kernel on NumPy arrays, in place."""

import sys

import numpy as np
import tensorbridge as tb

assembly = sys.argv[1] if len(sys.argv) > 1 else "MyKernels.dll"

x = np.arange(5, dtype="f4")
y = np.ones(5, dtype="f4")
saxpy = tb.load(assembly).kernel("MyKernels.Saxpy")
saxpy(2.0, x, y)                        # y = 2x + y, in place
print(saxpy.signature, y)

try:
    saxpy(2.0, x, y.astype("f8"))
except (TypeError, ValueError) as error:
    print(error)
