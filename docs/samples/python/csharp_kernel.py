"""csharp_kernel.py TensorBridge.Samples.dll: a C# kernel on NumPy arrays, in place."""

import sys

import numpy as np
import tensorbridge as tb

x = np.arange(5, dtype="f4")
y = np.ones(5, dtype="f4")

with tb.load(sys.argv[1]) as module:
    for kernel in module.kernels():
        print(kernel.signature)
    saxpy = module.kernel("MyKernels.Saxpy")
    saxpy(2.0, x, y)
    print(y)

    try:
        saxpy(2.0, x, y.astype("f8"))
    except (TypeError, ValueError) as error:
        print(error)
