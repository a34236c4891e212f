"""Mutates valid interface dictionaries, their texts, buffer formats and DLPack structs: each ends in a tensor or in a typed error.

usage: fuzz.py [--count N] [--seed S]     (the seed is printed; a crash prints the input before)
"""

import argparse
import ctypes
import os
import random
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.environ.get("TENSORBRIDGE_PACKAGES", os.path.join(ROOT, "artifacts", "python")))

import tensorbridge as tb

ERRORS = (ValueError, TypeError, BufferError, OverflowError)
MEMORY = bytearray(4096)
ADDRESS = ctypes.addressof((ctypes.c_char * 4096).from_buffer(MEMORY))


class Index:
    def __index__(self):
        return 3


class BadIndex:
    def __index__(self):
        raise ValueError("no")


TYPES = ["<f4", "|b1", ">i2", "|u1", "<c16", "<M8[ns]", "<m8[10us]", "|S5", "<U3", "|V16", "<V2", "=f8", "|O", "<f16", "f4", "", "<", "<f", "<x4", "<f99999999999", "|V-1", "<M8[", "<M8[zz]", "\0", "\ud800", "<f4\0", "|t8"]
INTEGERS = [0, 1, 2, 3, 7, -1, -3, 16, 64, 65, 255, 4096, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 1 << 64, -(1 << 63), -(1 << 63) - 1, 10**30, -(10**30)]
ODD = [None, True, False, 1.5, "text", b"bytes", (), [], {}, object(), Index(), BadIndex(), "é", (1,), [1], {"a": 1}, float("nan"), 1j, ..., type, bytearray(8), memoryview(b"abcdefgh")[::2]]
DESCRS = [[("", "<f4")], [("a", "<f4"), ("b", "<i2")], [("a", "|u1"), ("", "|V7"), ("b", "<f8")], [("a", "<f4", (2, 2))], [("a", [("x", "<i2"), ("y", ">i2")])], [(("title", "a"), "<f4")], [("a", "|O")], [("a",)], [1], "x", [("a", "<f4", (1 << 40,))], [("a", "<f4"), ("a", "<f4")]]


def integers(pick, longest=5):
    return tuple(pick.choice(INTEGERS) if pick.random() < 0.3 else pick.randrange(4) for _ in range(pick.randrange(longest) if pick.random() < 0.95 else 70))


def dictionary(pick):
    made = {
        "shape": integers(pick),
        "typestr": pick.choice(TYPES[:12]) if pick.random() < 0.7 else pick.choice(TYPES),
        "data": (ADDRESS if pick.random() < 0.8 else pick.choice(INTEGERS), pick.random() < 0.5),
        "version": 3,
    }
    if pick.random() < 0.3:
        made["strides"] = integers(pick, len(made["shape"]) + 2) if pick.random() < 0.5 else tuple(pick.choice(INTEGERS) for _ in made["shape"])
    if pick.random() < 0.2:
        made["descr"] = pick.choice(DESCRS)
    if pick.random() < 0.2:
        made["data"] = pick.choice([MEMORY, bytes(16), memoryview(MEMORY)[8:], None])
        made["offset"] = pick.choice(INTEGERS)
    for _ in range(pick.randrange(3)):
        key = pick.choice(["shape", "typestr", "data", "strides", "descr", "offset", "mask", "version", "stream", "other"])
        action = pick.random()
        if action < 0.4:
            made[key] = pick.choice(ODD)
        elif action < 0.6:
            made.pop(key, None)
        elif isinstance(made.get(key), tuple) and made[key]:
            entries = list(made[key])
            entries[pick.randrange(len(entries))] = pick.choice(ODD + INTEGERS)
            made[key] = tuple(entries) if action < 0.9 else entries
    return made


def text(pick):
    characters = list(repr({k: v for k, v in dictionary(pick).items() if not isinstance(v, (bytearray, memoryview))}))
    for _ in range(pick.randrange(4)):
        at = pick.randrange(len(characters) + 1)
        action = pick.random()
        if action < 0.4 and characters:
            characters[at % len(characters)] = pick.choice("(){}[],:'\"\\0123456789-+eExX<>|fiuN \n\t\0é€")
        elif action < 0.7:
            del characters[at : at + pick.randrange(1, 5)]
        else:
            characters[at:at] = characters[pick.randrange(len(characters) or 1) :][: pick.randrange(12)]
    return "".join(characters)


FORMATS = [b"f", b"<d", b">q", b"l", b"Zf", b"?", b"3s", b"5w", b"T{B:a:7x<d:b:}", b"T{(2,3)h:a:@i:b:}", b"T{T{f:x:f:y:}:p:b:q:}", b"O", b"g", b"P", b"", b"e", b"2h", b"T{", b"T{}", b"(2)f", b"B"]


class RawBuffer(ctypes.Structure):
    _fields_ = [("buf", ctypes.c_void_p), ("obj", ctypes.c_void_p), ("len", ctypes.c_ssize_t), ("itemsize", ctypes.c_ssize_t), ("readonly", ctypes.c_int), ("ndim", ctypes.c_int), ("format", ctypes.c_char_p), ("shape", ctypes.POINTER(ctypes.c_ssize_t)), ("strides", ctypes.POINTER(ctypes.c_ssize_t)), ("suboffsets", ctypes.POINTER(ctypes.c_ssize_t)), ("internal", ctypes.c_void_p)]


class DLTensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device_type", ctypes.c_int32), ("device_id", ctypes.c_int32), ("ndim", ctypes.c_int32), ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16), ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)), ("byte_offset", ctypes.c_uint64)]


class Versioned(ctypes.Structure):
    _fields_ = [("major", ctypes.c_uint32), ("minor", ctypes.c_uint32), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p), ("flags", ctypes.c_uint64), ("tensor", DLTensor)]


class Legacy(ctypes.Structure):
    _fields_ = [("tensor", DLTensor), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]


new_capsule = ctypes.pythonapi.PyCapsule_New
new_capsule.restype, new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
NAMES = [b"dltensor_versioned", b"dltensor", b"used_dltensor", b"other"]
DELETED = [0]
DELETER_TYPE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@DELETER_TYPE
def count_deletion(_):
    DELETED[0] += 1


def longs(pick, count):
    if pick.random() < 0.05:
        return None
    values = [pick.choice(INTEGERS) if pick.random() < 0.1 else pick.randrange(4) for _ in range(count)]
    return (ctypes.c_int64 * max(1, count))(*((value + (1 << 63)) % (1 << 64) - (1 << 63) for value in values))


def fill(pick, tensor):
    tensor.ndim = pick.randrange(4) if pick.random() < 0.9 else pick.choice([-1, 64, 65, 1 << 30, -(1 << 31)])
    count = tensor.ndim if 0 <= tensor.ndim <= 64 else 64
    tensor.data = ADDRESS if pick.random() < 0.9 else pick.choice([0, (1 << 64) - 8])
    tensor.device_type = 1 if pick.random() < 0.8 else pick.randrange(-1, 25)
    tensor.device_id = pick.randrange(-1, 3) if tensor.device_type != 1 else 0
    tensor.code, tensor.bits = pick.choice([(2, 32), (0, 8), (1, 64), (5, 128), (6, 8), (4, 16), (17, 4), (15, 6), (3, 8), (99, 8), (2, 7)])
    tensor.lanes = 1 if pick.random() < 0.9 else pick.randrange(5)
    tensor.shape, tensor.strides = longs(pick, count), longs(pick, count)
    tensor.byte_offset = 0 if pick.random() < 0.8 else pick.choice([8, 1 << 63, (1 << 64) - 1])


def run_dlpack(pick):
    struct = Versioned() if pick.random() < 0.6 else Legacy()
    fill(pick, struct.tensor)
    struct.deleter = ctypes.cast(count_deletion, ctypes.c_void_p).value
    if isinstance(struct, Versioned):
        struct.major, struct.minor, struct.flags = pick.choice([1, 1, 1, 0, 2]), pick.randrange(5), pick.choice([0, 1, 2, 4, 7, 1 << 40])
        name = NAMES[0]
    else:
        name = NAMES[1]
    before = DELETED[0]
    capsule = new_capsule(ctypes.addressof(struct), name, None)
    try:
        tensor = tb.from_dlpack(capsule)
    except ERRORS:
        assert DELETED[0] == before, "a refused capsule still owns its struct"
        raise
    describe(tensor)
    del tensor
    assert DELETED[0] == before + 1


def describe(tensor):
    """Touches every attribute, but no memory."""
    tensor.shape, tensor.strides, tensor.typestr, tensor.dtype, tensor.device, tensor.readonly, tensor.nbytes, tensor.size
    for export in ("__array_interface__", "__cuda_array_interface__", "__array_struct__"):
        getattr(tensor, export, None)
    for version in (None, (1, 0)):
        try:
            tensor.__dlpack__(max_version=version, stream=None)
        except ERRORS:
            pass
    try:
        memoryview(tensor).release()
    except ERRORS:
        pass


def run_dictionary(pick):
    made = dictionary(pick)
    describe(tb.asarray(made) if pick.random() < 0.5 else tb.from_array_interface(made))


def run_cuda(pick):
    class Exporter:
        __cuda_array_interface__ = dictionary(pick)

    describe(tb.asarray(Exporter()))


def run_text(pick):
    describe(tb.from_array_interface(text(pick)))


class ArrayStruct(ctypes.Structure):
    _fields_ = [("two", ctypes.c_int), ("nd", ctypes.c_int), ("typekind", ctypes.c_char), ("itemsize", ctypes.c_int), ("flags", ctypes.c_int), ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)), ("data", ctypes.c_void_p), ("descr", ctypes.c_void_p)]


def run_struct(pick):
    struct = ArrayStruct(2 if pick.random() < 0.95 else 3, pick.choice([0, 1, 2, 3, 3, -1, 65]), pick.choice(b"biufcSUVMmO\0").to_bytes(1, "little"), pick.choice([1, 2, 4, 8, 16, 0, -1, 3]), pick.randrange(1 << 12))
    count = struct.nd if 0 <= struct.nd <= 64 else 1
    struct.shape, struct.strides = longs(pick, count), longs(pick, count)
    struct.data = ADDRESS if pick.random() < 0.9 else 0

    class Exporter:
        __array_struct__ = new_capsule(ctypes.addressof(struct), None, None)

    describe(tb.asarray(Exporter()))


def run_frombuffer(pick):
    describe(tb.frombuffer(pick.choice([MEMORY, b"abcdefgh", b""]), pick.choice(TYPES), integers(pick) if pick.random() < 0.7 else None, pick.choice(INTEGERS) if pick.random() < 0.3 else 0, integers(pick) if pick.random() < 0.3 else None))


def run_index(pick):
    tensor = tb.frombuffer(MEMORY, "|u1", (4, 4, 4))
    key = tuple(pick.choice([pick.choice(INTEGERS), slice(*(pick.choice(INTEGERS + [None] * 20) for _ in range(3))), ..., None, "x", 1.5]) for _ in range(pick.randrange(5)))
    try:
        part = tensor[key]
        if isinstance(part, tb.Tensor):  # an element comes as a Python value
            part.tolist()
    except IndexError as error:
        raise ValueError from error


RUNS = [run_dictionary, run_dictionary, run_text, run_text, run_cuda, run_struct, run_frombuffer, run_dlpack, run_index]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    accepted, refused, start = 0, 0, time.perf_counter()
    for number in range(arguments.count):
        state = f"{arguments.seed}:{number}"
        pick = random.Random(state) if number % 16 == 0 else pick  # a fresh stream now and then keeps failures short to replay
        try:
            pick.choice(RUNS)(pick)
            accepted += 1
        except ERRORS:
            refused += 1
        except BaseException:
            print(f"input {number} of seed {arguments.seed} (stream {number // 16 * 16}) ended in an untyped error", flush=True)
            raise
    seconds = time.perf_counter() - start
    statistics = tb._core.statistics()
    print(f"{arguments.count} inputs, {accepted} accepted, {refused} refused, {arguments.count / seconds:.0f} per second")
    assert statistics["created"] == statistics["released"], statistics
    assert accepted > arguments.count // 20 and refused > arguments.count // 20


if __name__ == "__main__":
    main()
