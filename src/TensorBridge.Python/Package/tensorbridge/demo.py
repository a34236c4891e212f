"""The main job, from Python: ``python -m tensorbridge.demo``.

A strided NumPy array goes into a C# ILGPU kernel and comes back changed, at the same address; memory of .NET comes out
as a NumPy array; a bare interface dictionary becomes a tensor. Exits with 1 when any of it is not so.
"""

import os
import sys
import time


def main():
    try:
        import numpy as np
    except ImportError:
        print("the demo needs NumPy: install it with 'apt-get install python3-numpy' or 'pip install numpy'", file=sys.stderr)
        return 1
    began = time.perf_counter()
    import tensorbridge as tb

    kernels = tb.load(os.path.join(os.path.dirname(tb.__file__), "managed", "TensorBridge.DemoKernels.dll"))
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}; .NET started in {_ms(began)}")
    results = [_in_place(np, tb, kernels), _dotnet_memory(np, tb, kernels), _bare_dictionary(np, tb)]
    print()
    print("all of it shared memory" if all(results) else "something was copied or computed wrongly")
    return 0 if all(results) else 1


def _in_place(np, tb, kernels):
    _title("1. A strided NumPy array in a C# kernel, in place")
    array = np.arange(24, dtype="f4").reshape(4, 6)[:, ::2]
    expected = 2 * array + 1
    began = time.perf_counter()
    tensor = tb.asarray(array)
    taken = _ms(began)
    print(f"   numpy   address 0x{array.ctypes.data:x}, shape {array.shape}, strides {array.strides}")
    print(f"   tensor  address 0x{tensor.ptr:x}, shape {tensor.shape}, strides {tensor.strides}, on {tensor.device} (taken in {taken})")
    kernel = kernels.kernel("ScaleAndShift")
    for call in ("first call, compiles", "second call"):
        array[...] = (expected - 1) / 2
        began = time.perf_counter()
        kernel(array, 2.0, 1.0)
        print(f"   kernel  {call}: {_ms(began)}")
    print(f"   numpy sees {array[0].tolist()} in row 0")
    return _same(array.ctypes.data == tensor.ptr) and bool((array == expected).all())


def _dotnet_memory(np, tb, kernels):
    _title("2. Memory of .NET as a NumPy array")
    tensor = tb.empty((6,), "f4")
    kernels.kernel("Count")(tensor)
    array = np.asarray(tensor)
    array[0] = 42
    print(f"   a kernel counted, NumPy wrote 42 in front: {tensor.tolist()}")
    return _same(array.ctypes.data == tensor.ptr) and tensor.tolist() == [42, 1, 2, 3, 4, 5]


def _bare_dictionary(np, tb):
    _title("3. A bare interface dictionary, no holder class")
    owner = np.arange(6, dtype="f8").reshape(2, 3)
    dictionary = owner.__array_interface__
    print(f"   {dictionary}")
    tensor = tb.from_array_interface(dictionary, owner=owner)
    print("   " + repr(tensor).replace("\n", "\n   "))
    return _same(tensor.ptr == owner.ctypes.data)


def _title(text):
    print(f"\n{text}")


def _same(value):
    print(f"   same address: {value}")
    return value


def _ms(since):
    return f"{(time.perf_counter() - since) * 1e3:.2f} ms"


if __name__ == "__main__":
    sys.exit(main())
