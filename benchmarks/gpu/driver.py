"""The CUDA driver by ctypes: an independent witness of what lies at an address, and the memory of the stand-in library.

Everything happens in the device's primary context, which is made current for the length of each call only.
"""

import contextlib
import ctypes

NON_BLOCKING = 1


class DriverError(RuntimeError):
    """A call of the driver failed."""


class Driver:
    """Device 0 of ``libcuda.so.1``. Addresses and streams are ints, sizes bytes."""

    def __init__(self, path="libcuda.so.1"):
        self.library = ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)
        self.context = None
        self.check("cuInit", 0)
        context = ctypes.c_void_p()
        self.check("cuDevicePrimaryCtxRetain", ctypes.byref(context), 0)
        self.context = context

    @property
    def is_stand_in(self):
        """Whether this is the stand-in of the tests, where nothing runs before somebody waits for it."""
        return hasattr(self.library, "fakecuda_configure")

    def check(self, name, *arguments):
        """Calls the driver; raises DriverError with the function's name and the error's."""
        code = getattr(self.library, name)(*arguments)
        if code != 0:
            raise DriverError(f"{name} failed with error {code} ({self._name_of(code)})")

    @contextlib.contextmanager
    def active(self):
        """The primary context is current inside, whatever was before it is so again afterwards."""
        self.check("cuCtxPushCurrent_v2", self.context)
        try:
            yield
        finally:
            popped = ctypes.c_void_p()
            self.check("cuCtxPopCurrent_v2", ctypes.byref(popped))

    def call(self, name, *arguments):
        """``check`` inside the context."""
        with self.active():
            self.check(name, *arguments)

    def synchronize(self):
        """Waits for all work on the device."""
        self.call("cuCtxSynchronize")

    def name(self):
        """The device's name."""
        text = ctypes.create_string_buffer(200)
        self.check("cuDeviceGetName", text, len(text), 0)
        return text.value.decode()

    def floats(self, address, count):
        """The float32 values that lie at an address of the device now, all work done."""
        values = (ctypes.c_float * count)()
        with self.active():
            self.check("cuCtxSynchronize")
            self.check("cuMemcpyDtoHAsync_v2", values, ctypes.c_uint64(address), ctypes.c_size_t(ctypes.sizeof(values)), None)
            self.check("cuCtxSynchronize")
        return list(values)

    def write(self, address, values):
        """Writes float32 values at an address of the device, and waits."""
        data = (ctypes.c_float * len(values))(*values)
        with self.active():
            self.check("cuMemcpyHtoDAsync_v2", ctypes.c_uint64(address), data, ctypes.c_size_t(ctypes.sizeof(data)), None)
            self.check("cuCtxSynchronize")

    def allocate(self, size, kind="device"):
        """Memory: ``'device'``, ``'managed'`` or ``'pinned'``."""
        address = ctypes.c_uint64()
        size = ctypes.c_size_t(size)
        if kind == "managed":
            self.call("cuMemAllocManaged", ctypes.byref(address), size, 1)
        elif kind == "pinned":
            self.call("cuMemAllocHost_v2", ctypes.byref(address), size)
        else:
            self.call("cuMemAlloc_v2", ctypes.byref(address), size)
        return address.value

    def free(self, address, kind="device"):
        """Gives memory back."""
        self.call("cuMemFreeHost" if kind == "pinned" else "cuMemFree_v2", ctypes.c_uint64(address))

    def stream(self):
        """A new stream that the legacy default stream does not wait for."""
        stream = ctypes.c_uint64()
        self.call("cuStreamCreate", ctypes.byref(stream), NON_BLOCKING)
        return stream.value

    def order(self, earlier, later):
        """What ``later`` is given from now on comes after what ``earlier`` was given until now."""
        event = ctypes.c_uint64()
        with self.active():
            self.check("cuEventCreate", ctypes.byref(event), 2)  # without times
            self.check("cuEventRecord", event, ctypes.c_uint64(earlier))
            self.check("cuStreamWaitEvent", ctypes.c_uint64(later), event, 0)
            self.check("cuEventDestroy_v2", event)

    def wait(self, stream):
        """Waits for a stream."""
        self.call("cuStreamSynchronize", ctypes.c_uint64(stream))

    def copy(self, target, source, size, stream):
        """Enqueues a copy within the device."""
        self.call("cuMemcpyDtoDAsync_v2", ctypes.c_uint64(target), ctypes.c_uint64(source), ctypes.c_size_t(size), ctypes.c_uint64(stream))

    def set_bytes(self, address, value, size, stream):
        """Enqueues a fill with one byte."""
        self.call("cuMemsetD8Async", ctypes.c_uint64(address), ctypes.c_ubyte(value), ctypes.c_size_t(size), ctypes.c_uint64(stream))

    def _name_of(self, code):
        text = ctypes.c_char_p()
        self.library.cuGetErrorName(code, ctypes.byref(text))
        return text.value.decode() if text.value else "unknown"
