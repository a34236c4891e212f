"""gpu_kernel.py TensorBridge.Samples.dll [cupy | torch]: the same C# kernel on arrays of the GPU, on the caller's stream."""

import sys

import tensorbridge as tb

library = sys.argv[2] if len(sys.argv) > 2 else "cupy"
saxpy = tb.load(sys.argv[1]).kernel("MyKernels.Saxpy")

if library == "cupy":
    import cupy

    with cupy.cuda.Stream(non_blocking=True) as stream:
        x = cupy.arange(5, dtype="f4")
        y = cupy.ones(5, dtype="f4")
        saxpy(2.0, x, y, stream=stream)
        print(y)
else:
    import torch

    x = torch.arange(5, dtype=torch.float32, device="cuda")
    y = torch.ones(5, dtype=torch.float32, device="cuda")
    saxpy(2.0, x, y, stream=torch.cuda.current_stream())
    print(y.cpu().numpy())
