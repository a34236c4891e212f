"""What it costs to hand an array over: tensorbridge beside NumPy and memoryview, in one run.

usage: PYTHONPATH=artifacts/python python3 benchmarks/python/exchange.py
"""

import time
import timeit

import numpy as np

begin = time.perf_counter()
import tensorbridge as tb

imported = time.perf_counter()
tb._core.start()
started = time.perf_counter()

ROUNDS, CALLS = 9, 20000


class Foreign:
    """An object that shows one protocol only."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def best(statement, names):
    return min(timeit.repeat(statement, globals=names, number=CALLS, repeat=ROUNDS)) / CALLS * 1e9


def main():
    array = np.arange(12, dtype="f4").reshape(3, 4)
    tensor = tb.asarray(array, copy=True)
    names = {
        "np": np,
        "asarray": tb.asarray,
        "array": array,
        "tensor": tensor,
        "interface": Foreign(__array_interface__=array.__array_interface__),
        "struct": Foreign(__array_struct__=array.__array_struct__),
        "dictionary": array.__array_interface__,
    }
    statements = [
        ("tb.asarray(ndarray)", "asarray(array)"),
        ("tb.asarray(ndarray, via='array_struct')", "asarray(array, via='array_struct')"),
        ("tb.asarray(ndarray, via='dlpack')", "asarray(array, via='dlpack')"),
        ("tb.asarray(object with __array_interface__)", "asarray(interface)"),
        ("tb.asarray(bare dictionary)", "asarray(dictionary)"),
        ("np.asarray(object with __array_interface__)", "np.asarray(interface)"),
        ("np.asarray(object with __array_struct__)", "np.asarray(struct)"),
        ("memoryview(ndarray)", "memoryview(array)"),
        ("np.from_dlpack(ndarray)", "np.from_dlpack(array)"),
        ("np.asarray(tensor)", "np.asarray(tensor)"),
        ("np.from_dlpack(tensor)", "np.from_dlpack(tensor)"),
        ("memoryview(tensor)", "memoryview(tensor)"),
        ("tensor.__array_interface__", "tensor.__array_interface__"),
    ]
    for _ in range(3):  # until the managed code is compiled at its best
        for _, statement in statements:
            timeit.timeit(statement, globals=names, number=2000)
        time.sleep(0.3)
    print(f"import {1e3 * (imported - begin):.1f} ms, start of .NET {1e3 * (started - imported):.1f} ms")
    for title, statement in statements:
        print(f"{title:48}{best(statement, names):8.0f} ns")
    print("in C alone, without the Tensor object:")
    for via in (None, "buffer", "array_struct", "dlpack", "array_interface"):
        print(f"{'import of an ndarray, via ' + str(via):48}{min(tb._core.time_import(array, CALLS, via) for _ in range(ROUNDS)):8.0f} ns")


if __name__ == "__main__":
    main()
