"""Which doors are open to which arrays, and what it costs to hand one over, beside NumPy and PyTorch in the same process.

usage: PYTHONPATH=artifacts/python python3 benchmarks/interop/interop.py [--rounds N] [--json NAME]
       tests/peers/run-in-sid.sh env PYTHONPATH=$PWD/artifacts/python python3 benchmarks/interop/interop.py

Short windows, all contestants in turn in every round, so that a busy machine disturbs all alike; the table shows the fastest
window and the median. --json NAME writes benchmarks/results/NAME.json, which README.md's table is made from.
"""

import argparse
import ctypes
import json
import os
import platform
import statistics
import time
import timeit

import numpy as np

begun = time.perf_counter()
import tensorbridge as tb

imported = time.perf_counter()
tb._core.start()
started = time.perf_counter()

import doors

try:
    import torch
except ImportError:
    torch = None

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEER = os.path.join(ROOT, "artifacts", "cmake", "peers", "exchange_peer.so")
CALLS = 500

capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
capsule_pointer.restype, capsule_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


class Foreign:
    """An object that shows one protocol only."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def table_of(type_):
    return capsule_pointer(type_.__dlpack_c_exchange_api__, b"dlpack_exchange_api")


def statements():
    """(group, title, function of a number of calls that answers ns per call)."""
    array = np.arange(12, dtype="f4").reshape(3, 4)
    tensor = tb.asarray(array, copy=True)
    names = {"np": np, "tb": tb, "asarray": tb.asarray, "from_dlpack": tb.from_dlpack, "array": array, "tensor": tensor, "new": (1, 3)}
    names |= {
        "interface": Foreign(__array_interface__=array.__array_interface__),
        "struct": Foreign(__array_struct__=array.__array_struct__),
        "dictionary": array.__array_interface__,
    }
    versioned = tuple(int(part) for part in np.__version__.split(".")[:2]) >= (2, 1)
    table = [
        ("import", "tb.asarray(ndarray)", "asarray(array)"),
        ("import", "tb.asarray(ndarray, via='array_struct')", "asarray(array, via='array_struct')"),
        ("import", "tb.asarray(object with __array_interface__)", "asarray(interface)"),
        ("import", "tb.asarray(bare dictionary)", "asarray(dictionary)"),
        ("import", "np.asarray(object with __array_interface__)", "np.asarray(interface)"),
        ("import", "np.asarray(object with __array_struct__)", "np.asarray(struct)"),
        ("import", "tb.from_dlpack(ndarray)", "from_dlpack(array)"),
        ("import", "tb.from_dlpack(legacy capsule of NumPy)", "from_dlpack(array.__dlpack__())"),
        ("import", "np.from_dlpack(ndarray)", "np.from_dlpack(array)"),
        ("import", "np.asarray(tensor)", "np.asarray(tensor)"),
        ("import", "np.from_dlpack(tensor)", "np.from_dlpack(tensor)"),
        ("import", "memoryview(ndarray)", "memoryview(array)"),
        ("import", "memoryview(tensor)", "memoryview(tensor)"),
        ("export", "tensor.__dlpack__()", "tensor.__dlpack__()"),
        ("export", "tensor.__dlpack__(max_version=(1, 3))", "tensor.__dlpack__(max_version=new)"),
        ("export", "tensor.__array_interface__", "tensor.__array_interface__"),
        ("export", "tensor.__dlpack_device__()", "tensor.__dlpack_device__()"),
        ("export", "ndarray.__dlpack__()", "array.__dlpack__()"),
    ]
    if versioned:
        table.insert(8, ("import", "tb.from_dlpack(versioned capsule of NumPy)", "from_dlpack(array.__dlpack__(max_version=new))"))
        table.append(("export", "ndarray.__dlpack__(max_version=(1, 3))", "array.__dlpack__(max_version=new)"))
    if torch is not None:
        names |= {"torch": torch, "x": torch.arange(12.0).reshape(3, 4)}
        table += [
            ("import", "tb.asarray(torch tensor), exchange table", "asarray(x)"),
            ("import", "tb.from_dlpack(torch tensor), exchange table", "from_dlpack(x)"),
            ("import", "tb.from_dlpack(versioned capsule of PyTorch)", "from_dlpack(x.__dlpack__(max_version=new))"),
            ("import", "np.from_dlpack(torch tensor)", "np.from_dlpack(x)"),
            ("import", "torch.from_dlpack(torch tensor)", "torch.from_dlpack(x)"),
            ("import", "torch.from_dlpack(tensor)", "torch.from_dlpack(tensor)"),
            ("import", "torch.from_dlpack(ndarray)", "torch.from_dlpack(array)"),
            ("import", "torch.from_numpy(ndarray)", "torch.from_numpy(array)"),
        ]
    for group, title, statement in table:
        timer = timeit.Timer(statement, globals=names)
        yield group, title, lambda calls, timer=timer: timer.timeit(calls) / calls * 1e9
    for via in ("buffer", "array_struct", "dlpack", "array_interface"):
        yield "in C", f"import of an ndarray by {via}, without the object", lambda calls, via=via: tb._core.time_import(array, calls, via)
    yield from tables(tensor, names.get("x"))


def tables(tensor, x):
    if not os.path.exists(PEER):
        return
    peer = ctypes.PyDLL(PEER)
    for function in (peer.peer_time, peer.peer_time_borrowed):
        function.restype, function.argtypes = ctypes.c_double, [ctypes.c_void_p, ctypes.py_object, ctypes.c_int]
    ours = table_of(tb.Tensor)
    yield "in C", "our exchange table: managed struct, out and back", lambda calls: peer.peer_time(ours, tensor, calls)
    yield "in C", "our exchange table: borrowed DLTensor", lambda calls: peer.peer_time_borrowed(ours, tensor, calls)
    if x is not None and hasattr(torch.Tensor, "__dlpack_c_exchange_api__"):
        theirs = table_of(torch.Tensor)
        yield "in C", "PyTorch's table: managed struct, out and back", lambda calls: peer.peer_time(theirs, x, calls)
        yield "in C", "PyTorch's table: borrowed DLTensor", lambda calls: peer.peer_time_borrowed(theirs, x, calls)
        yield "in C", "import of a torch tensor by its table, without the object", lambda calls: tb._core.time_import(x, calls, "dlpack")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--json", metavar="NAME")
    arguments = parser.parse_args()
    contestants = list(statements())
    for _ in range(3):  # until the managed code is compiled at its best
        for _, _, run in contestants:
            run(2000)
        time.sleep(0.3)
    times = [[] for _ in contestants]
    for _ in range(arguments.rounds):
        for kept, (_, _, run) in zip(times, contestants):
            kept.append(run(CALLS))
    environment = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__ if torch else None,
        "processor": next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine()),
        "load": round(os.getloadavg()[0], 1),
        "rounds": arguments.rounds,
        "calls": CALLS,
        "importMilliseconds": round((imported - begun) * 1e3, 1),
        "startMilliseconds": round((started - imported) * 1e3, 1),
    }
    works = list(doors.try_all())
    print(", ".join(f"{key} {value}" for key, value in environment.items() if value is not None))
    for record in works:
        print(f"{record['library']:20} in: {', '.join(record['in'])}; out: {', '.join(record['out'])}")
    print(f"{'ns per call':62}{'fastest':>9}{'median':>9}")
    for group in ("import", "export", "in C"):
        for kept, (of, title, _) in zip(times, contestants):
            if of == group:
                print(f"{group + ': ' + title:62}{min(kept):9.0f}{statistics.median(kept):9.0f}")
    if arguments.json:
        results = [{"group": group, "title": title, "fastest": min(kept), "median": statistics.median(kept)} for kept, (group, title, _) in zip(times, contestants)]
        folder = os.path.join(ROOT, "benchmarks", "results")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, arguments.json + ".json"), "w") as file:
            json.dump({"environment": environment, "works": works, "results": results}, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
