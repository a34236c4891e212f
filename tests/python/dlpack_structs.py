"""DLPack's structs, made by hand: what a producer may write, right or wrong."""

import ctypes


class DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


class Versioned(ctypes.Structure):
    _fields_ = [
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("context", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p),
        ("flags", ctypes.c_uint64),
        ("tensor", DLTensor),
    ]


class Legacy(ctypes.Structure):
    _fields_ = [("tensor", DLTensor), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]


NAMES = {Versioned: b"dltensor_versioned", Legacy: b"dltensor"}
READ_ONLY, IS_COPIED, PADDED = 1, 2, 4

new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype, new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
capsule_pointer.restype, capsule_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def longs(values):
    return None if values is None else (ctypes.c_int64 * max(1, len(values)))(*values)


class Producer:
    """A float32 tensor of 2 x 3 in memory of its own; keywords replace fields. Counts the calls of its deleter."""

    def __init__(self, kind=Versioned, shape=(2, 3), strides=(3, 1), **fields):
        self.memory = (ctypes.c_float * 16)(*range(16))
        self.deleted = 0
        self.struct = kind()
        self.numbers = longs(shape), longs(strides)
        self._deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self._delete)
        self.struct.deleter = ctypes.cast(self._deleter, ctypes.c_void_p).value
        tensor = self.struct.tensor
        tensor.data, tensor.device_type, tensor.ndim = ctypes.addressof(self.memory), 1, 0 if shape is None else len(shape)
        tensor.code, tensor.bits, tensor.lanes = 2, 32, 1
        tensor.shape, tensor.strides = self.numbers
        if kind is Versioned:
            self.struct.major, self.struct.minor = 1, 3
        for name, value in fields.items():
            setattr(tensor if any(name == field for field, _ in DLTensor._fields_) else self.struct, name, value)
        self.capsule = new_capsule(ctypes.addressof(self.struct), NAMES[kind], None)

    def _delete(self, address):
        assert address == ctypes.addressof(self.struct)
        self.deleted += 1

    @property
    def address(self):
        return ctypes.addressof(self.memory)
