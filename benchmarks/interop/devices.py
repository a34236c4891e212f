"""What calls on device arrays cost the host: CuPy's arrays where there is a GPU, else the driver stand-in's.

usage: PYTHONPATH=artifacts/python python3 benchmarks/interop/devices.py KERNELS.dll [--rounds N]
       add tests/python/standin to PYTHONPATH and the stand-in's folder to LD_LIBRARY_PATH where there is no GPU

KERNELS.dll holds MyKernels.Saxpy (TensorBridge.Samples.dll). The figures are host time until the call returns; work enqueued meanwhile
is waited for between the windows. On the stand-in they are the managed part plus a driver that does nothing at once.
"""

import argparse
import statistics
import time

import cupy

import tensorbridge as tb

CALLS = 50


def synchronize(stream):
    if hasattr(stream, "synchronize"):
        stream.synchronize()
    else:
        import foreign_cuda

        foreign_cuda.synchronize(stream.ptr)


def statements(stream, saxpy):
    x = cupy.arange(12, dtype="f4").reshape(3, 4)
    y = cupy.ones(12, dtype="f4").reshape(3, 4)
    t, u = tb.asarray(x), tb.asarray(y)
    turned = t.T
    other = cupy.cuda.Stream(non_blocking=True)
    return {
        "tb.asarray(array)": lambda: tb.asarray(x),
        "tensor.__cuda_array_interface__": lambda: t.__cuda_array_interface__,
        "tensor.__dlpack__(stream=its own)": lambda: t.__dlpack__(stream=stream.ptr, max_version=(1, 0)),
        "tensor.__dlpack__(stream=another)": lambda: t.__dlpack__(stream=other.ptr, max_version=(1, 0)),
        "kernel(2.0, array, array)": lambda: saxpy(2.0, x, y),
        "kernel(2.0, tensor, tensor)": lambda: saxpy(2.0, t, u),
        "tb.ascontiguousarray(dense)": lambda: tb.ascontiguousarray(t),
        "tb.ascontiguousarray(transposed)": lambda: tb.ascontiguousarray(turned),
        "tb.copyto(tensor, tensor)": lambda: tb.copyto(u, t),
        "tb.astype(tensor, 'f8')": lambda: tb.astype(t, "f8"),
        "tb.zeros((3, 4), device='cuda')": lambda: tb.zeros((3, 4), "f4", device="cuda", stream=stream),
        "tb.allclose(tensor, tensor)": lambda: tb.allclose(t, u),
        "tb.to_host(tensor)": lambda: tb.to_host(t),
    }


def measure(call, stream, rounds):
    windows = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for _ in range(CALLS):
            call()
        windows.append((time.perf_counter() - begun) / CALLS * 1e6)
        synchronize(stream)
    return min(windows), statistics.median(windows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kernels")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    saxpy = tb.load(options.kernels).kernel("MyKernels.Saxpy")
    with cupy.cuda.Stream(non_blocking=True) as stream:
        print(f"{'float32 (3, 4)':36}  fastest   median  us")
        for name, call in statements(stream, saxpy).items():
            fastest, median = measure(call, stream, options.rounds)
            print(f"{name:36} {fastest:8.2f} {median:8.2f}")


if __name__ == "__main__":
    main()
