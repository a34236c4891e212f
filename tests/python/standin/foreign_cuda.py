"""Plays a library of CUDA arrays over the driver stand-in: memory and streams of its own, in the primary context.

The stand-in does what was enqueued only when somebody waits for it, so that a missing wait is seen as stale data:
Array.now() is what the device has at this moment, Array.get() waits for one stream first.
"""

import ctypes

import numpy as np

LEGACY = 1
DEVICE, PINNED, MANAGED = 16, 17, 19  # what fakecuda_live() counts
STREAMS, EVENTS, MODULES, CONTEXTS = 2, 3, 4, 1

driver = ctypes.CDLL("libcuda.so.1")
driver.fakecuda_host_address.restype = ctypes.c_void_p
driver.fakecuda_host_address.argtypes = [ctypes.c_uint64]
driver.fakecuda_bytes_to_host.restype = ctypes.c_longlong
driver.fakecuda_calls.argtypes = [ctypes.c_char_p]


def check(result):
    assert result == 0, f"the driver answered {result}"


def word(value=0):
    return ctypes.c_uint64(value)


check(driver.cuInit(0))
contexts = [ctypes.c_void_p(), ctypes.c_void_p()]
for number, handle in enumerate(contexts):
    check(driver.cuDevicePrimaryCtxRetain(ctypes.byref(handle), number))


class current:
    """Makes a device's primary context current, and leaves the thread as it was."""

    def __init__(self, device=0):
        self.context = contexts[device]

    def __enter__(self):
        check(driver.cuCtxPushCurrent_v2(self.context))

    def __exit__(self, *error):
        driver.cuCtxPopCurrent_v2(ctypes.byref(ctypes.c_void_p()))


def new_stream(device=0):
    """A stream that is not ordered with the legacy one."""
    stream = word()
    with current(device):
        check(driver.cuStreamCreate(ctypes.byref(stream), 1))
    return stream.value


def destroy_stream(stream, device=0):
    with current(device):
        check(driver.cuStreamDestroy_v2(word(stream)))


def synchronize(stream=LEGACY, device=0):
    with current(device):
        check(driver.cuStreamSynchronize(word(stream)))


def pending(stream):
    return driver.fakecuda_pending(word(stream))


def advance():
    """Time passes: everything that is enqueued gets done."""
    check(driver.fakecuda_advance())


def live(kind):
    return driver.fakecuda_live(kind)


def calls(name):
    return driver.fakecuda_calls(name.encode() if name else None)


def fail_nth(number, error=2):
    """The call of the driver with that number from now on fails; 0 for none."""
    driver.fakecuda_fail_nth(number, error) if number else driver.fakecuda_no_faults()


def bytes_to_host():
    """What copies have brought to host memory since forget()."""
    return driver.fakecuda_bytes_to_host()


def forget():
    driver.fakecuda_forget()


def shadow(address, count):
    """The bytes behind an address, as the device has them now."""
    return np.frombuffer((ctypes.c_ubyte * count).from_address(driver.fakecuda_host_address(address)), "u1")


def view(tensor):
    """Any CUDA array's elements, as the device has them now."""
    interface = tensor.__cuda_array_interface__
    shape, item = interface["shape"], np.dtype(interface["typestr"])
    strides = interface["strides"] or np.empty(shape, item).strides
    start = driver.fakecuda_host_address(interface["data"][0])
    low = sum(min(0, (length - 1) * stride) for length, stride in zip(shape, strides))
    high = sum(max(0, (length - 1) * stride) for length, stride in zip(shape, strides)) + item.itemsize
    data = (ctypes.c_ubyte * (high - low)).from_address(start + low)
    return np.ndarray(shape, item, data, -low, strides)


def get(tensor, device=0):
    """The elements once the stream that the array names is done, and that one only."""
    synchronize(tensor.__cuda_array_interface__["stream"] or LEGACY, device)
    return view(tensor).copy()


class Array:
    """Memory with the contents of a NumPy array, or of its shape; a CUDA array to everyone else."""

    def __init__(self, values, stream=None, device=0, readonly=False):
        values = np.asarray(values)
        self.stream, self.device, self.readonly = stream, device, readonly
        self.shape, self.typestr, self.strides = values.shape, values.dtype.str, None
        self._allocate(max(1, values.nbytes))
        self.ptr = self.base
        self.now()[...] = values

    def _allocate(self, size):
        self.size, base = size, word()
        with current(self.device):
            check(driver.cuMemAlloc_v2(ctypes.byref(base), ctypes.c_size_t(size)))
        self.base = base.value

    def on(self, stream):
        """The same memory as another array object names it; this one keeps it alive."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, stream=stream, base=None, parent=self)
        return other

    def strided(self, shape, strides, offset=0):
        """A view in bytes."""
        other = self.on(self.stream)
        other.shape, other.strides, other.ptr = shape, strides, self.ptr + offset
        return other

    @property
    def __cuda_array_interface__(self):
        return {
            "data": (self.ptr, self.readonly),
            "shape": self.shape,
            "typestr": self.typestr,
            "strides": self.strides,
            "stream": self.stream,
            "version": 3,
        }

    def fill_bytes(self, value, stream=None):
        """Enqueues a fill of all bytes, as this library's kernel would."""
        with current(self.device):
            check(driver.cuMemsetD8Async(word(self.base), ctypes.c_ubyte(value), ctypes.c_size_t(self.size), word(stream or self.stream or LEGACY)))

    def now(self):
        return view(self)

    def get(self):
        return get(self, self.device)

    def __del__(self):
        if getattr(self, "base", None):
            with current(self.device):
                driver.cuMemFree_v2(word(self.base))
