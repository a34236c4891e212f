"""dask_blocks.py TensorBridge.Samples.dll: a C# kernel on every block of a Dask array, in worker processes."""

import sys

import dask.array as da
import numpy as np
import tensorbridge as tb
from distributed import Client, LocalCluster


def saxpy(x, assembly):
    """One block. Kernels stay loaded in each worker: tb.load answers from its cache."""
    y = np.ones_like(x)
    tb.load(assembly).kernel("MyKernels.Saxpy")(2.0, x.ravel(), y.ravel())
    return y


if __name__ == "__main__":  # workers are spawned, .NET does not survive fork()
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster):
        x = da.arange(1_000_000, chunks=250_000, dtype="f4")
        y = x.map_blocks(saxpy, sys.argv[1], dtype="f4").compute()
        print(y.shape, y[:3], bool((y == 2 * np.arange(1_000_000, dtype="f4") + 1).all()))
