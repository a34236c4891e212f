"""DLPack from both sides of a hostile peer: structs and capsules made by hand, exchange tables in C."""

import ctypes
import gc
import os

import pytest
import tensorbridge as tb
from conftest import ROOT
from dlpack_structs import IS_COPIED, PADDED, READ_ONLY, DLTensor, Legacy, Producer, Versioned, capsule_pointer, new_capsule

KINDS = pytest.mark.parametrize("kind", [Versioned, Legacy])


def sample():
    """0.0 to 11.0 as float32, 3 x 4."""
    return tb.asarray(memoryview((ctypes.c_float * 12)(*range(12))).cast("B").cast("f", (3, 4)))


# ---- what has to be taken ------------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize(
    "fields, values",
    [
        ({}, [[0, 1, 2], [3, 4, 5]]),
        ({"strides": None}, [[0, 1, 2], [3, 4, 5]]),
        ({"byte_offset": 8}, [[2, 3, 4], [5, 6, 7]]),
        ({"strides": (1, 2)}, [[0, 2, 4], [1, 3, 5]]),
        ({"strides": (-3, 1), "byte_offset": 12}, [[3, 4, 5], [0, 1, 2]]),
        ({"strides": (0, 0)}, [[0, 0, 0], [0, 0, 0]]),
        ({"shape": (1, 3), "strides": (1 << 62, 1)}, [[0, 1, 2]]),
        ({"shape": None, "strides": None}, 0.0),
        ({"shape": (), "strides": ()}, 0.0),
        ({"shape": (0, 3), "data": 0}, []),
        ({"shape": (0, 3), "data": 0, "byte_offset": 4}, []),
        ({"shape": (2,), "strides": (1,), "code": 0, "bits": 64}, [0x3F80000000000000, 0x4040000040000000]),
        ({"device_id": 7}, [[0, 1, 2], [3, 4, 5]]),
    ],
    ids=["plain", "no strides", "offset", "columns", "negative", "broadcast", "length 1", "scalar", "scalar with arrays", "empty", "empty with offset", "int64", "host number"],
)
def test_taken(kind, fields, values, balance):
    producer = Producer(kind, **fields)
    t = tb.from_dlpack(producer.capsule)
    assert t.tolist() == values and t.device == "cpu"
    assert t.readonly == (kind is Legacy)
    assert "used_dltensor" in repr(producer.capsule)
    view = t[...]
    del t
    assert producer.deleted == 0
    del view
    assert producer.deleted == 1


@pytest.mark.parametrize("fields", [{"minor": 0}, {"minor": 99}, {"flags": 1 << 63 | 1 << 3}, {"deleter": None}])
def test_taken_versioned(fields, balance):
    producer = Producer(**fields)
    t = tb.from_dlpack(producer.capsule)
    assert t.tolist() == [[0, 1, 2], [3, 4, 5]] and not t.readonly
    del t
    assert producer.deleted == (0 if "deleter" in fields else 1)


def test_read_only_flag(balance):
    t = tb.from_dlpack(Producer(flags=READ_ONLY).capsule)
    assert t.readonly
    assert tb.from_dlpack(Producer(flags=READ_ONLY).capsule, writable=True).readonly  # the producer's word stands
    assert not tb.from_dlpack(Producer(Legacy).capsule, writable=True).readonly
    with pytest.raises(BufferError, match="read-only"):
        t.__dlpack__()
    with pytest.raises(TypeError, match="writable is 1"):
        tb.from_dlpack(t, writable=1)


def test_copied_flag(balance):
    producer = Producer(flags=IS_COPIED)
    t = tb.from_dlpack(producer.capsule, copy=True)  # the producer's copy is ours
    assert t.ptr == producer.address
    producer = Producer(flags=IS_COPIED)
    with pytest.raises(BufferError, match="copy=False"):
        tb.from_dlpack(producer.capsule, copy=False)
    assert producer.deleted == 1
    assert tb.from_dlpack(Producer().capsule, copy=True).ptr != Producer().address


# ---- what has to be refused ----------------------------------------------------------------------------------


@KINDS
@pytest.mark.parametrize(
    "error, words, fields",
    [
        (BufferError, "lanes is 4", {"lanes": 4}),
        (BufferError, "lanes is 0", {"lanes": 0}),
        (BufferError, "code 3 = kDLOpaqueHandle", {"code": 3, "bits": 64}),
        (BufferError, "code 99 = code unknown", {"code": 99}),
        (BufferError, "bits 7", {"bits": 7}),
        (BufferError, "bits 8", {"code": 15, "bits": 8}),
        (BufferError, "bits 8", {"code": 17, "bits": 8}),
        (BufferError, "device type 99", {"device_type": 99}),
        (BufferError, "device type -1", {"device_type": -1}),
        (BufferError, "dense C order", {"code": 17, "bits": 4, "strides": (6, 2)}),
        (ValueError, "rank -1", {"ndim": -1}),
        (ValueError, "rank 65", {"ndim": 65}),
        (ValueError, "shape is NULL", {"shape": None, "ndim": 1}),
        (ValueError, "shape entry 0 is -2", {"shape": (-2, 3)}),
        (ValueError, "data is NULL", {"data": 0}),
        (OverflowError, "elements", {"shape": (1 << 62, 3)}),
        (OverflowError, "strides entry 0", {"strides": (1 << 62, 1)}),
        (OverflowError, "leaves the 64-bit", {"byte_offset": (1 << 64) - 1}),
        (OverflowError, "64-bit", {"strides": (1 << 59, 1 << 59), "shape": (9, 9)}),
    ],
)
def test_refused(kind, error, words, fields, balance):
    producer = Producer(kind, **fields)
    before = repr(producer.capsule)
    with pytest.raises(error, match=words):
        tb.from_dlpack(producer.capsule)
    assert repr(producer.capsule) == before and producer.deleted == 0  # the capsule owns its struct still


@pytest.mark.parametrize("major", [0, 2, 0xFFFFFFFF])
def test_foreign_major_is_not_looked_at(major, balance):
    producer = Producer(major=major, ndim=-1, data=0, lanes=0)
    with pytest.raises(BufferError, match=rf"version {major}\.3, only major version 1"):
        tb.from_dlpack(producer.capsule)
    assert producer.deleted == 0


@KINDS
def test_consumed_once(kind, balance):
    producer = Producer(kind)
    t = tb.from_dlpack(producer.capsule)
    for _ in range(2):
        with pytest.raises(BufferError, match="consumed before"):
            tb.from_dlpack(producer.capsule)
    del t
    assert producer.deleted == 1


def test_no_capsule(balance):
    for stranger in (new_capsule(1, b"other", None), new_capsule(1, None, None), {}, {"shape": (1,)}, 3, None):
        with pytest.raises(TypeError):
            tb.from_dlpack(stranger)


def test_deleter_runs_python_while_an_exception_is_on_its_way(balance):
    producer = Producer()
    with pytest.raises(ZeroDivisionError):
        print(tb.from_dlpack(producer.capsule), 1 / 0)
    assert producer.deleted == 1


# ---- elements of fewer than 8 bits ---------------------------------------------------------------------------


def test_packed_and_padded(balance):
    packed = tb.from_dlpack(Producer(code=17, bits=4, shape=(4, 4), strides=(4, 1)).capsule)
    padded = tb.from_dlpack(Producer(code=17, bits=4, shape=(4, 4), strides=(8, 2), flags=PADDED).capsule)
    assert packed.shape == padded.shape == (4, 4) and padded.strides == (8, 2)
    again = tb.from_dlpack(padded.__dlpack__(max_version=(1, 3)))
    assert (again.strides, again.dtype, again.ptr) == (padded.strides, padded.dtype, padded.ptr)
    assert tb.from_dlpack(packed.__dlpack__(max_version=(1, 3))).dtype == packed.dtype
    assert tb.from_dlpack(packed.__dlpack__()).dtype == packed.dtype
    with pytest.raises(BufferError, match="padded"):
        padded.__dlpack__()


# ---- producers with __dlpack__ -------------------------------------------------------------------------------


def exporter(call, device=(1, 0)):
    class Exporter:
        def __dlpack__(self, **keywords):
            return call(keywords)

        def __dlpack_device__(self):
            return device

    return Exporter()


@KINDS
def test_either_capsule_is_taken_whatever_was_asked_for(kind, balance):
    producer = Producer(kind)
    seen = []
    t = tb.from_dlpack(exporter(lambda keywords: seen.append(keywords) or producer.capsule))
    assert seen == [{"max_version": (1, 3)}] and t.ptr == producer.address


def old(calls, make):
    class Old:
        def __dlpack__(self, stream=None):
            calls.append(stream)
            return make()

        def __dlpack_device__(self):
            return (1, 0)

    return Old


def test_retry_is_remembered_by_type(balance):
    calls, tries = [], []

    class Counted:
        def __dlpack__(self, **keywords):
            tries.append(keywords)
            if keywords:
                raise TypeError("no keywords")
            return Producer(Legacy, deleter=None).capsule

        def __dlpack_device__(self):
            return (1, 0)

    keep = [tb.from_dlpack(Counted()) for _ in range(3)]
    assert tries == [{"max_version": (1, 3)}, {}, {}, {}]
    del keep
    # A wish that holds anyway needs no keyword; another one does.
    Old = old(calls, lambda: Producer(Legacy, deleter=None).capsule)
    assert tb.from_dlpack(Old(), device="cpu").device == "cpu"
    with pytest.raises(TypeError):
        tb.from_dlpack(Old(), device="cuda")


def test_types_that_follow_each_other_at_one_address(balance):
    """A new type must not inherit what was remembered of a dead one."""
    for _ in range(200):
        Old = old([], lambda: Producer(Legacy, deleter=None).capsule)
        tb.from_dlpack(Old())
        del Old
        gc.collect(0)
        producer = Producer()
        assert not tb.from_dlpack(exporter(lambda keywords: producer.capsule)).readonly


def test_type_error_of_the_producer_itself(balance):
    def fail(keywords):
        raise TypeError("broken inside")

    with pytest.raises(TypeError, match="broken inside"):
        tb.from_dlpack(exporter(fail))


@pytest.mark.parametrize("device", [[1, 0], (1,), (1, 0, 0), ("a", 0), (1, None), None])
def test_devices_that_are_none(device, balance):
    with pytest.raises(TypeError):
        tb.from_dlpack(exporter(lambda keywords: Producer().capsule, device))


def test_the_wish_for_a_device_is_checked(balance):
    producer = Producer()  # ignores dl_device
    with pytest.raises(BufferError, match=r"on DLPack device \(1, 0\), asked for was \(2, 0\)"):
        tb.from_dlpack(exporter(lambda keywords: producer.capsule), device="cuda")
    assert producer.deleted == 1
    with pytest.raises(BufferError, match="asked for was"):
        tb.from_dlpack(Producer().capsule, device=(2, 1))
    for wrong in ((1,), (1, "0"), ("cpu", 0)):
        with pytest.raises(TypeError):
            tb.from_dlpack(sample(), device=wrong)
    with pytest.raises(OverflowError):
        tb.from_dlpack(sample(), device=(1 << 32 | 1, 0))


def test_streams(balance):
    seen = []

    def call(keywords):
        seen.append(keywords)
        return Producer(device_type=2, deleter=None).capsule

    t = tb.from_dlpack(exporter(call, (2, 0)))
    assert seen == [{"stream": 1, "max_version": (1, 3)}] and t.device == "cuda:0" and t.stream == 1
    t = tb.from_dlpack(exporter(call, (2, 0)), device="cuda:0")
    assert seen[1] == {"stream": 1, "max_version": (1, 3), "dl_device": (2, 0)} and t.stream == 1
    for stream in (0, -2):
        with pytest.raises(ValueError, match="forbids"):
            t.__dlpack__(stream=stream)
    with pytest.raises(TypeError):
        t.__dlpack__(stream="1")
    assert t.__dlpack_device__() == (2, 0)
    t.__dlpack__(stream=-1), t.__dlpack__(stream=1), t.__dlpack__()
    with pytest.raises(ValueError, match="no streams"):
        sample().__dlpack__(stream=-1)


# ---- export --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, (0, 9), (1, 0), (1, 3), (2, 7)])
def test_structs_of_ours(version, balance):
    t = sample()[::-2, 1:]
    capsule = t.__dlpack__(max_version=version)
    if version is None or version[0] < 1:
        struct = Legacy.from_address(capsule_pointer(capsule, b"dltensor"))
    else:
        struct = Versioned.from_address(capsule_pointer(capsule, b"dltensor_versioned"))
        assert (struct.major, struct.minor, struct.flags) == (1, 3, 0)
    got = struct.tensor
    assert (got.data, got.byte_offset, got.device_type, got.device_id) == (t.ptr, 0, 1, 0)
    assert (got.ndim, got.code, got.bits, got.lanes) == (2, 2, 32, 1)
    assert got.shape[:2] == [2, 3] and got.strides[:2] == [-8, 1]


def test_strides_are_always_filled(balance):
    for t in (sample(), sample()[0], sample()[:0], tb.asarray(b"abc")):
        struct = Versioned.from_address(capsule_pointer(t.__dlpack__(max_version=(1, 0)), b"dltensor_versioned"))
        assert bool(struct.tensor.strides) and struct.tensor.strides[t.ndim - 1] == 1
        assert struct.flags == (READ_ONLY if t.readonly else 0)


def test_copies_of_ours(balance):
    t = sample()
    capsule = t.__dlpack__(max_version=(1, 0), copy=True)
    struct = Versioned.from_address(capsule_pointer(capsule, b"dltensor_versioned"))
    assert struct.flags == IS_COPIED and struct.tensor.data != t.ptr
    assert tb.from_dlpack(t, copy=True).ptr != t.ptr and tb.from_dlpack(t, copy=False).ptr == t.ptr
    copied = tb.from_dlpack(tb.asarray(b"abc").__dlpack__(max_version=(1, 0), copy=True))
    assert not copied.readonly


def test_keywords_of_ours(balance):
    t = sample()
    for error, words, arguments, keywords in [
        (TypeError, "keyword arguments only", (None,), {}),
        (TypeError, "unexpected keyword argument 'max'", (), {"max": 1}),
        (TypeError, "max_version is 1", (), {"max_version": 1}),
        (TypeError, "max_version is", (), {"max_version": (1,)}),
        (TypeError, "dl_device is", (), {"dl_device": "cpu"}),
        (TypeError, "copy is 0", (), {"copy": 0}),
        (BufferError, r"not given out on \(2, 0\)", (), {"dl_device": (2, 0)}),
        (BufferError, "without a copy", (), {"dl_device": (2, 0), "copy": False}),
    ]:
        with pytest.raises(error, match=words):
            t.__dlpack__(*arguments, **keywords)


# ---- the exchange table --------------------------------------------------------------------------------------

GOOD, OLDER, FOREIGN_STRUCT, SHORT_VECTORS, NOTHING, NO_FITTING_TABLE = range(6)


@pytest.fixture(scope="module")
def peer():
    path = os.environ.get("TB_EXCHANGE_PEER", os.path.join(ROOT, "artifacts", "cmake", "peers", "exchange_peer.so"))
    if not os.path.exists(path):
        pytest.skip("the native tests are not built (./build.sh build)")
    library = ctypes.PyDLL(path)
    for name in ("peer_sum", "peer_sum_borrowed", "peer_time", "peer_time_borrowed"):
        getattr(library, name).restype = ctypes.c_double
    for name in ("peer_pass_on", "peer_allocate"):
        getattr(library, name).restype = ctypes.c_void_p  # a NULL py_object ends the process in ctypes of 3.11
    for name in ("peer_sum", "peer_sum_borrowed", "peer_pass_on"):
        getattr(library, name).argtypes = [ctypes.c_void_p, ctypes.py_object]
    library.peer_table.restype = ctypes.c_void_p
    library.peer_error_kind.restype = library.peer_error_message.restype = ctypes.c_char_p
    return library


def owned(address):
    """The object whose reference a function in C gave; None for NULL."""
    if address is None:
        return None
    made = ctypes.cast(address, ctypes.py_object).value
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(made))
    return made


def table():
    return capsule_pointer(tb.Tensor.__dlpack_c_exchange_api__, b"dlpack_exchange_api")


def test_a_consumer_in_c(peer, balance):
    t = sample()
    for view in (t, t[::-1], t[:, ::2], t[1], t[2, 3, ...], t[:0]):
        expected = sum(view.copy().reshape((view.size,)).tolist())
        assert peer.peer_sum(table(), view) == peer.peer_sum_borrowed(table(), view) == expected
        again = owned(peer.peer_pass_on(table(), view))
        assert type(again) is tb.Tensor and (again.ptr, again.shape, again.readonly) == (view.ptr, view.shape, False)
    keep = owned(peer.peer_pass_on(table(), t))
    del t, view, again
    gc.collect()
    assert float(keep[2, 3]) == 11


def test_a_consumer_in_c_is_refused(peer, balance):
    read_only = tb.asarray(memoryview(bytes(16)).cast("f"))
    assert peer.peer_sum(table(), read_only) == 0  # the flag goes along
    assert owned(peer.peer_pass_on(table(), read_only)).readonly
    with pytest.raises(BufferError, match="read-only"):  # a bare DLTensor has no flags
        peer.peer_sum_borrowed(table(), read_only)
    for call in (peer.peer_sum, peer.peer_sum_borrowed, peer.peer_pass_on):
        with pytest.raises(TypeError, match="expected a tensorbridge.Tensor"):
            call(table(), 3)
        with pytest.raises(BufferError, match="DLPack has no type"):
            call(table(), tb.frombuffer(bytearray(8), ">f4"))


def allocate(peer, shape, code=2, bits=32, lanes=1, device=1):
    numbers = (ctypes.c_int64 * max(1, len(shape)))(*shape)
    return owned(peer.peer_allocate(ctypes.c_void_p(table()), len(shape), numbers, code, bits, lanes, device))


def test_the_allocator(peer, balance):
    for shape in ((), (3,), (2, 3, 4), (0, 3), (5, 0)):
        t = allocate(peer, shape)
        assert t.shape == shape and t.c_contiguous and not t.readonly and t.ptr % 256 == 0
        ctypes.memset(t.ptr, 1, t.nbytes)
    assert allocate(peer, (3,), 17, 4).shape == (3,)
    for kind, words, arguments in [
        (b"BufferError", b"host memory", ((3,), 2, 32, 1, 2)),
        (b"ValueError", b"impossible", ((-1,),)),
        (b"ValueError", b"impossible", ((1 << 62, 1 << 62),)),
        (b"ValueError", b"impossible", ((3,), 2, 32, 4)),
        (b"MemoryError", b"out of memory", ((1 << 57,),)),
    ]:
        assert allocate(peer, *arguments) is None
        assert peer.peer_error_kind() == kind and words in peer.peer_error_message()


def type_with(peer, which):
    capsule = new_capsule(peer.peer_table(which), b"dlpack_exchange_api", None)
    return type("Exporter", (), {"__dlpack_c_exchange_api__": capsule})


@pytest.mark.parametrize("which", [GOOD, OLDER])
def test_a_producer_in_c(peer, which, balance):
    Exporter = type_with(peer, which)
    made = peer.peer_made()
    for take in (tb.asarray, tb.from_dlpack):
        t = take(Exporter())
        assert t.tolist() == [[0, 2, 4], [1, 3, 5]] and not t.readonly
        assert peer.peer_live() == 1
        del t
        assert peer.peer_live() == 0
    assert peer.peer_made() == made + 2


@pytest.mark.parametrize(
    "which, error, words",
    [(FOREIGN_STRUCT, BufferError, r"version 2\.3"), (SHORT_VECTORS, BufferError, "lanes is 4"), (NOTHING, TypeError, "does not offer"), (NO_FITTING_TABLE, TypeError, "does not offer")],
)
def test_a_producer_in_c_is_refused(peer, which, error, words, balance):
    with pytest.raises(error, match=words):
        tb.from_dlpack(type_with(peer, which)())
    assert peer.peer_live() == 0


def test_the_table_comes_first_and_the_method_is_left(peer, balance):
    """A table that cannot do it, or none that fits, leaves __dlpack__."""
    producers = []

    def method(self, **keywords):
        producers.append(Producer())
        return producers[-1].capsule

    for which, calls in [(GOOD, 0), (NOTHING, 1), (NO_FITTING_TABLE, 1)]:
        producers.clear()
        Exporter = type_with(peer, which)
        Exporter.__dlpack__, Exporter.__dlpack_device__ = method, lambda self: (1, 0)
        assert tb.from_dlpack(Exporter()).shape == (2, 3)
        assert len(producers) == calls and peer.peer_live() == 0


def test_an_older_attribute_of_another_kind(balance):
    """Until the end of 2025 PyTorch had an integer elsewhere; anything but a capsule of that name is passed by."""
    for value in (12345, new_capsule(1, b"other", None), None):
        Exporter = type("Exporter", (), {"__dlpack_c_exchange_api__": value})
        with pytest.raises(TypeError, match="does not offer"):
            tb.from_dlpack(Exporter())


def test_sizes():
    assert (ctypes.sizeof(DLTensor), ctypes.sizeof(Versioned), ctypes.sizeof(Legacy)) == (48, 80, 64)


def test_a_handle_and_its_offset_are_said_apart():
    producer = Producer(shape=(4, 3), strides=(3, 1), device_type=4)  # OpenCL: data is a cl_mem, to which nothing can be added
    t = tb.from_dlpack(producer.capsule)
    for view, offset in ((t, 0), (t[1:], 12), (t[1:][1:, 2:], 32), (t[::-1], 36)):
        exported = Versioned.from_address(capsule_pointer(view.__dlpack__(max_version=(1, 0)), b"dltensor_versioned"))
        assert (exported.tensor.data, exported.tensor.byte_offset) == (producer.address, offset)
