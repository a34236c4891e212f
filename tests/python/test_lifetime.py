"""Exactly one release: cycles, threads, shutdown, fork, signals."""

import gc
import sys
import threading
import weakref

import numpy as np
import pytest
import tensorbridge as tb


def live():
    statistics = tb._core.statistics()
    return statistics["created"] - statistics["released"]


def make():
    return tb.asarray(np.arange(4.0), copy=True)


class Base:
    """A producer that can be watched."""

    def __init__(self):
        self.memory = np.arange(4.0)
        self.__array_interface__ = self.memory.__array_interface__


def test_producer_is_released_before_dealloc_returns(balance):
    producer = Base()
    alive = weakref.ref(producer)
    t = tb.asarray(producer)
    view = t[1:]
    del producer, t
    assert alive() is not None
    del view
    assert alive() is None


def test_cycle_around_a_tensor(balance):
    before = live()

    class Node:
        pass

    node = Node()
    node.self, node.tensor = node, make()
    del node
    gc.collect()
    assert live() == before


def test_cycle_through_the_producer(balance):
    for build in (lambda p: tb.asarray(p), lambda p: tb.from_pointer(p.memory.ctypes.data, "<f8", (4,), owner=p)):
        producer = Base()
        producer.tensor = build(producer)
        alive = weakref.ref(producer)
        del producer
        gc.collect()
        assert alive() is None


def test_cycle_with_two_tensors_is_left_alone(balance):
    producer = Base()
    producer.first = tb.asarray(producer)
    capsule = producer.first.__dlpack__()
    alive = weakref.ref(producer)
    del producer
    gc.collect()
    assert alive() is not None, "a capsule still uses the memory"
    tb.from_dlpack(capsule)
    gc.collect()
    assert alive() is None


def test_other_threads(balance):
    before = live()

    def hammer():
        for _ in range(500):
            t = make()
            a, b, m = np.asarray(t), np.from_dlpack(t), memoryview(t)
            del t, a
            del m, b

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert live() == before


def test_dropped_on_a_thread_without_the_gil(balance):
    """A DLPack deleter called from a bare C call without the GIL: the Python producer waits for the GIL, once."""
    import ctypes

    producer = Base()
    alive = weakref.ref(producer)
    capsule = tb.asarray(producer).__dlpack__(max_version=(1, 0))
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    struct = get(capsule, b"dltensor_versioned")
    rename = ctypes.pythonapi.PyCapsule_SetName
    rename.argtypes = [ctypes.py_object, ctypes.c_char_p]
    name = b"used_dltensor_versioned"
    rename(capsule, name)
    deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)((ctypes.c_void_p * 3).from_address(struct)[2])
    del producer
    assert alive() is not None
    thread = threading.Thread(target=deleter, args=(struct,))  # CFUNCTYPE lets go of the GIL during the call
    thread.start()
    thread.join()
    for _ in range(1000):
        if alive() is None:
            break
    assert alive() is None
    assert tb._core.statistics()["queued"] == 0
    del capsule


@pytest.mark.parametrize(
    "keep",
    [
        "",
        "import builtins; builtins.kept = t",
        "class C: pass\nc = C(); c.c = c; c.t = t; del t",
        "import ctypes; ctypes.pythonapi.Py_IncRef(ctypes.py_object(t))",
        "import atexit; box = [t]; del t; atexit.register(box.clear)",
        "m = memoryview(t); del t",
        "import threading, time; threading.Thread(target=lambda: (time.sleep(0.2), t.shape)).start()",
        "import threading\ndef loop():\n    while True: x = tb.asarray(bytes(9), copy=True); del x\n[threading.Thread(target=loop, daemon=True).start() for _ in range(4)]",
        "import threading\ndef loop():\n    while True: tb.copyto(big, t0)\nt0 = tb.asarray(bytes(1 << 22)); big = tb.asarray(bytearray(1 << 22))\n[threading.Thread(target=loop, daemon=True).start() for _ in range(2)]",
        "try:\n    import numpy; v = numpy.from_dlpack(t)\nexcept ImportError: pass",
        "child = t[1:]; del t",
        "import sys; sys.exit(0)",
        "import os; os._exit(0)",
    ],
)
def test_end_of_the_interpreter(run_python, keep):
    code, output, errors = run_python("import tensorbridge as tb\nt = tb.asarray(b'abcd', copy=True)\n" + keep)
    assert (code, output, errors) == (0, "", "")


def test_producers_are_released_at_the_end(run_python):
    code, output, errors = run_python(
        """
import tensorbridge as tb
class Producer(bytearray):
    def __del__(self): print('released', flush=True)
p = Producer(b'abcd')
t = tb.asarray(p)[1:]
del p
"""
    )
    assert (code, output, errors) == (0, "released\n", "")


def test_fork(run_python):
    code, output, errors = run_python(
        """
import os, sys, warnings
warnings.simplefilter('ignore', DeprecationWarning)  # from 3.12: fork() in a process with threads
import tensorbridge as tb
pid = os.fork()
if pid == 0:
    os._exit(0 if tb.asarray(b'ab').tolist() == [97, 98] else 1)  # before the start: fine on both sides
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
t = tb.asarray(b'abcd', copy=True)
view = memoryview(t)
for use in (lambda: tb.asarray(b'x'), lambda: tb.copyto(t, b'abcd'), lambda: t[0], lambda: tb.dtype("<f4"), lambda: tb.from_array_interface({})):
    pid = os.fork()
    if pid == 0:
        try:
            use()
        except RuntimeError as error:
            os._exit(0 if 'spawn' in str(error) and 'forkserver' in str(error) else 2)
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
for i in range(12):
    pid = os.fork()
    if pid == 0:
        del t, view
        sys.exit(0)  # the whole end of the interpreter runs in the child
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert t.tolist() == [97, 98, 99, 100] and view[0] == 97
print('parent lives')
"""
    )
    assert (code, output, errors) == (0, "parent lives\n", "")


def test_multiprocessing_spawn(tmp_path, run_python):
    script = tmp_path / "spawned.py"
    script.write_text(
        f"""
import sys; sys.path[:0] = {sys.path!r}
import multiprocessing
import tensorbridge as tb
def work(n): return tb.asarray(bytes(n), copy=True).size
if __name__ == '__main__':
    tb.asarray(b'x')
    for method in ('spawn', 'forkserver'):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(work, [1, 2, 3]) == [1, 2, 3]
    print('ok')
"""
    )
    import subprocess

    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stdout, result.stderr) == (0, "ok\n", "")


def test_interrupt_stays_keyboard_interrupt(run_python):
    code, output, errors = run_python(
        """
import os, signal, time
import tensorbridge as tb
before = signal.getsignal(signal.SIGINT)
tb.asarray(b'x')
assert signal.getsignal(signal.SIGINT) is before
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
    print('nothing')
except KeyboardInterrupt:
    print('interrupted')
"""
    )
    assert (code, output, errors) == (0, "interrupted\n", "")


def test_interrupt_reaches_a_long_operation(run_python):
    code, output, errors = run_python(
        """
import os, signal, threading, time
import tensorbridge as tb
src = tb.from_array_interface({'data': bytearray(1 << 20), 'typestr': '|u1', 'shape': (512, 1 << 20), 'strides': (0, 1)})
dst = tb.asarray(bytearray(512 << 20))
dst = tb.frombuffer(memoryview(dst), '|u1', (512, 1 << 20))
tb.copyto(dst, src)
def ctrl_c(): time.sleep(0.05); os.kill(os.getpid(), signal.SIGINT)
try:
    start = time.time()
    threading.Thread(target=ctrl_c).start()
    while time.time() - start < 20: tb.copyto(dst, src)
    print('nothing')
except KeyboardInterrupt:
    print('interrupted')
"""
    )
    assert (code, output, errors) == (0, "interrupted\n", "")


def test_terminate_ends_the_process(run_python):
    code, output, _ = run_python(
        """
import os, signal, time
import tensorbridge as tb
t = tb.asarray(b'x', copy=True)
print('ready', flush=True)
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(5)
print('survived')
"""
    )
    assert (code, output) == (-15, "ready\n")
