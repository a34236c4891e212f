"""What the worker processes of test_processes.py run; importable by name, and without pytest."""

import os


def scale(data):
    """The values doubled and shifted by a C# kernel in this process, with the process's number."""
    import numpy as np

    import tensorbridge as tb

    array = np.array(data, "f4")
    demo_kernel(tb)(array, 2.0, 1.0)
    return os.getpid(), tb.asarray(array).tolist()


def demo_kernel(tb):
    path = os.path.join(os.path.dirname(tb.__file__), "managed", "TensorBridge.DemoKernels.dll")
    return tb.load(path).kernel("ScaleAndShift")


def scale_block(block):
    """For map_blocks: a fresh array, changed in place by the kernel."""
    import numpy as np

    import tensorbridge as tb

    result = np.array(block, "f4")
    demo_kernel(tb)(result.reshape(-1), 2.0, 1.0)
    return result


def use_after_fork(queue):
    """The error that a forked child gets, as text."""
    import tensorbridge as tb

    try:
        queue.put(repr(tb.zeros(3)))
    except RuntimeError as error:
        queue.put(str(error))
