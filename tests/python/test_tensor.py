"""What a user does with a tensor: index, assign, reshape, compare, copy, print, release."""

import copy
import datetime
import gc
import pickle
import sys
import threading
import weakref

import pytest

np = pytest.importorskip("numpy")

import tensorbridge as tb


def pair(shape=(3, 4), dtype="f8"):
    a = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    return a, tb.asarray(a)


# ---- indexing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [(1, 2), (-1, -1), (np.int64(2), np.uint8(1)), (True + 0, 0)])
def test_an_element_is_a_python_value(index, balance):
    for dtype, kind in [("f4", float), ("i2", int), ("u8", int), ("?", bool), ("c8", complex), ("U3", str), ("S3", bytes), ("M8[D]", datetime.date), ("m8[s]", datetime.timedelta)]:
        a = np.arange(12).reshape(3, 4).astype(dtype)
        value = tb.asarray(a)[index]
        assert type(value) is kind and value == a[index].item()


def test_an_element_with_an_ellipsis_is_a_tensor(balance):
    a, t = pair()
    assert t[1, 2, ...].shape == () and t[1, 2, ...].item() == 6 and t[..., 1, 2].ptr == t.ptr + 48
    assert tb.asarray(np.array(5))[()] == 5 and tb.asarray(np.array(5))[...].shape == ()


class Index:
    def __index__(self):
        return 1


def test_what_is_no_index(balance):
    a, t = pair()
    assert t[Index(), Index()] == 5
    for key in ([0, 1], True, np.array([True, False, True]), np.array([0, 1]), 1.5, "x", (0, [1]), {}):
        with pytest.raises((TypeError, ValueError, IndexError)):
            t[key]
    for key in (3, -4, (0, 4), (0, 0, 0), 1 << 70, (..., ...)):
        with pytest.raises(IndexError):
            t[key]


def test_fields(balance):
    a = np.zeros(3, [("x", "<i4"), ("p", [("q", ">f8"), ("r", "S2")]), ("v", "u1", (2,))])
    t = tb.asarray(a)
    assert t["x"].ptr == t.ptr and t["x"].strides == a["x"].strides and t["v"].shape == (3, 2)
    assert t[1].shape == () and t[1]["x"].shape == () and t["p"]["q"].tolist() == [0, 0, 0]
    t["x"][2] = 7
    t["p"]["q"][...] = [1, 2, 3]
    t["v"] = [[1, 2], [3, 4], [5, 6]]
    t[0] = (-1, (0.5, b"ab"), [8, 9])
    t[1]["x"] = 4
    assert a.tolist()[0][:2] == (-1, (0.5, b"ab")) and a["x"].tolist() == [-1, 4, 7] and a["v"].tolist() == [[8, 9], [3, 4], [5, 6]]
    assert t[0].item() == (-1, (0.5, b"ab"), [8, 9])
    for error, key in [(ValueError, "nothing"), (TypeError, ["x", "v"]), (TypeError, 1.5)]:
        with pytest.raises(error):
            t[key]
    with pytest.raises(ValueError, match="3 values"):
        t[0] = (1, 2)
    with pytest.raises(TypeError):
        t[0] = 5


# ---- assignment --------------------------------------------------------------------------------------------

VALUES = [
    ("f4", 1.5), ("f4", 2), ("f4", True), ("f8", 1 << 70), ("f2", 65504), ("i1", -128), ("u1", 255), ("i4", 2.9), ("u8", (1 << 64) - 1), ("i8", -(1 << 63)),
    ("?", 3), ("?", 0.0), ("c8", 1 + 2j), ("c16", 3), ("S3", b"abcd"), ("S3", "ab"), ("U3", "a𝄞cd"), ("U2", ""), (">i4", 5), (">f8", -0.25), (">c8", 2j), (">U2", "é"), ("V2", b"ab"),
]  # fmt: skip


@pytest.mark.parametrize(("dtype", "value"), VALUES, ids=str)
def test_assignment_is_numpys(dtype, value, balance):
    a, b = np.zeros((2, 3), dtype), np.zeros((2, 3), dtype)
    t = tb.asarray(b)
    for key in ((0, 1), 1, (slice(None), 2), ...):
        a[key] = value
        t[key] = value
        assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize(
    ("dtype", "value", "error"),
    [
        ("u1", 256, OverflowError), ("i1", -129, OverflowError), ("u8", -1, OverflowError), ("i8", 1 << 63, OverflowError), ("i4", float("nan"), ValueError), ("i4", float("inf"), ValueError),
        ("f4", "text", TypeError), ("i4", 1j, TypeError), ("f8", 1j, TypeError), ("f8", 1 << 5000, OverflowError), ("U3", 5, TypeError), ("S3", 5, TypeError), ("f4", None, TypeError),
        ("f4", object(), TypeError), ("V2", b"abc", ValueError), ("f4", [1, 2], ValueError), ("f4", [[1, 2, 3], [4, 5]], ValueError), ("f4", [[1, 2, 3], 4], ValueError), ("M8[D]", 1.5, TypeError),
    ],
)  # fmt: skip
def test_assignment_refuses_and_writes_nothing(dtype, value, error, balance):
    a = np.zeros((2, 3), dtype)
    before = a.tobytes()
    with pytest.raises(error):
        tb.asarray(a)[...] = value
    assert a.tobytes() == before


def test_assignment_of_arrays_and_lists(balance):
    a, t = pair()
    t[0] = np.array([9, 8, 7, 6], ">i2")
    t[:, 1] = [1.5, 2.5, 3.5]
    t[1:, 2:] = ((1, 2), [3, np.float32(4)])
    t[2, :2] = memoryview(b"\x05\x06")
    t[0, 3] = tb.asarray(np.array(0.5))
    assert a.tolist() == [[9, 1.5, 7, 0.5], [4, 2.5, 1, 2], [5, 6, 3, 4]]
    t[...] = t[::-1, ::-1]
    assert a.tolist() == [[4, 3, 6, 5], [2, 1, 2.5, 4], [0.5, 7, 1.5, 9]]
    with pytest.raises(ValueError):
        t[0] = [1, 2, 3]
    with pytest.raises(ValueError):
        tb.asarray(b"abc")[0] = 1
    with pytest.raises(ValueError):
        tb.broadcast_to(t[0], (3, 4))[0, 0] = 1


def test_assignment_of_dates(balance):
    a = np.zeros(4, "M8[s]")
    t = tb.asarray(a)
    t[0] = datetime.datetime(2024, 2, 29, 12, 30, 1)
    t[1] = datetime.date(1969, 12, 31)
    t[2:] = [None, 5]
    assert a.tolist() == [datetime.datetime(2024, 2, 29, 12, 30, 1), datetime.datetime(1969, 12, 31), None, datetime.datetime(1970, 1, 1, 0, 0, 5)]
    t[0] = np.datetime64("2000-01-01", "D")
    t[1] = "NaT"
    assert a.tolist()[:2] == [datetime.datetime(2000, 1, 1), None]
    months = tb.zeros(2, "M8[M]")
    months[0] = datetime.date(2024, 3, 1)
    spans = tb.zeros(1, "m8[2h]")
    spans[0] = datetime.timedelta(hours=6)
    assert months.tolist()[0] == datetime.date(2024, 3, 1) and spans.tolist() == [datetime.timedelta(hours=6)]
    for target, value in ((months, datetime.date(2024, 3, 2)), (spans, datetime.timedelta(hours=3)), (t, datetime.datetime(2024, 1, 1, microsecond=1))):
        with pytest.raises(ValueError, match="no whole number"):
            target[0] = value


# ---- views -------------------------------------------------------------------------------------------------


def test_shapes_without_copies(balance):
    a, t = pair((2, 3, 4), ">i4")
    for view, expected in [
        (t.T, a.T), (t.transpose(), a.T), (t.transpose(1, 0, 2), a.transpose(1, 0, 2)), (t.transpose((2, 0, 1)), a.transpose(2, 0, 1)), (t.transpose(-1, 0, 1), a.transpose(-1, 0, 1)),
        (t.reshape(6, 4), a.reshape(6, 4)), (t.reshape((4, -1)), a.reshape(4, -1)), (t.reshape(-1), a.reshape(-1)), (t.ravel(), a.ravel()), (t[:1].squeeze(), a[:1].squeeze()),
        (t[:1].squeeze(0), a[:1].squeeze(0)), (t[:1].squeeze((0,)), a[:1].squeeze((0,))), (t[..., None].squeeze(()), a[..., None]), (tb.broadcast_to(t[0, 0], (5, 4)), np.broadcast_to(a[0, 0], (5, 4))),
        (t.view("<i4"), a.view("<i4")), (t.view(np.uint8), a.view("u1")), (t.view("u1").view(">i4"), a), (tb.transpose(a, (1, 2, 0)), a.transpose(1, 2, 0)), (tb.reshape(a, -1), a.reshape(-1)),
    ]:  # fmt: skip
        assert view.shape == expected.shape and view.tolist() == expected.tolist() and view.ptr == t.ptr and view.dtype == expected.dtype
        assert all(x == y or n < 2 for x, y, n in zip(view.strides, expected.strides, expected.shape))
    assert tb.broadcast_to(t, (2, 2, 3, 4)).readonly


def test_shapes_that_need_a_copy_say_the_way_out(balance):
    a, t = pair((3, 4))
    for call in (lambda: t.T.ravel(), lambda: t.T.reshape(12), lambda: t[:, ::2].view("u1")):
        with pytest.raises(ValueError, match="ascontiguousarray"):
            call()
    for call in (
        lambda: t.reshape(5, 2), lambda: t.reshape(-1, -1), lambda: t.reshape(-1, 5), lambda: t.transpose(0, 0), lambda: t.transpose(0), lambda: t.transpose(()), lambda: t.transpose(0, 2),
        lambda: t.squeeze(0), lambda: t.squeeze(9), lambda: t.squeeze(1 << 40), lambda: tb.broadcast_to(t, (4, 3)), lambda: tb.broadcast_to(t, 4), lambda: t.view("V7"),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            call()


def test_iteration_and_length(balance):
    a, t = pair()
    assert len(t) == 3 and [row.tolist() for row in t] == a.tolist() and list(t[0]) == a[0].tolist()
    scalar = tb.asarray(np.array(1))
    for call in (lambda: len(scalar), lambda: iter(scalar), lambda: 1 in t):
        with pytest.raises(TypeError):
            call()


# ---- new tensors -------------------------------------------------------------------------------------------


def test_allocation(balance):
    assert tb.zeros((2, 3), "i2").tolist() == [[0] * 3] * 2 and tb.zeros(3).dtype == "float64" and tb.zeros(()).item() == 0
    e = tb.empty((3, 4), np.float32, order="F")
    assert e.shape == (3, 4) and e.strides == (4, 12) and e.ptr % 64 == 0 and not e.readonly
    assert tb.empty((0, 3)).tolist() == [] and tb.zeros([2, 2], "S3").tolist() == [[b"", b""]] * 2
    for error, arguments in [(ValueError, ((-1,),)), (TypeError, (3, "nonsense")), (ValueError, (3, "f4", "X")), (ValueError, (3, "f4", "K")), (OverflowError, ((1 << 40, 1 << 40),)), (TypeError, ("3",)), (TypeError, (1.5,))]:
        with pytest.raises(error):
            tb.empty(*arguments)
    with pytest.raises((MemoryError, OverflowError)):
        tb.empty(1 << 60, "u1")


def test_full(balance):
    for value, dtype in [(7, "int64"), (True, "bool"), (1.5, "float64"), (2j, "complex128"), ("abc", "<U3"), (b"ab", "|S2"), (1 << 63, "uint64")]:
        t = tb.full((2, 2), value)
        assert t.tolist() == [[value] * 2] * 2 and t.dtype == dtype
    assert tb.full((2, 3), np.arange(3, dtype="i2")).tolist() == [[0, 1, 2]] * 2 and tb.full(2, 3, "f4").dtype == "float32"
    assert tb.full((2, 2), [1, 2], dtype="i4").tolist() == [[1, 2]] * 2
    for error, arguments in [(OverflowError, (2, 300, "u1")), (TypeError, (2, None)), (OverflowError, (2, 1 << 64)), (TypeError, (2, [1, 2])), (ValueError, (2, [1, 2, 3], "i4"))]:
        with pytest.raises(error):
            tb.full(*arguments)


def test_empty_like(balance):
    a = np.zeros((3, 4, 5), "f4").transpose(1, 2, 0)
    for order in "CFK":
        assert tb.empty_like(a, order=order).strides == np.empty_like(a, order=order).strides
    assert tb.empty_like(a, "f8").strides == np.empty_like(a, "f8").strides
    b = tb.empty_like(a, shape=(2, 2))
    assert b.shape == (2, 2) and b.dtype == "float32" and b.c_contiguous and tb.empty_like(tb.zeros(3)).shape == (3,)


# ---- copies ------------------------------------------------------------------------------------------------


def test_copies(balance):
    a, t = pair()
    view = t.T[::-1]
    for made in (copy.copy(view), copy.deepcopy(view), view.copy(), tb.copy(view), view.astype("f8")):
        assert made.tolist() == view.tolist() and made.ptr != view.ptr and not made.readonly
    deep = copy.deepcopy({"t": [t, t]})["t"]
    assert deep[0] is deep[1] and deep[0].tolist() == a.tolist()
    assert t.astype("i4").tolist() == a.astype("i4").tolist() and t.astype("f8", copy=False).ptr == t.ptr
    assert tb.ascontiguousarray(a).ptr == t.ptr and tb.ascontiguousarray(a, copy=True).ptr != t.ptr
    with pytest.raises(ValueError, match="copy=False"):
        tb.ascontiguousarray(a.T, copy=False)
    assert tb.asarray(a, "d", copy=False).ptr == t.ptr and tb.asarray(a, ">f8").tobytes() == a.astype(">f8").tobytes()
    for name in ("f4", "<f4", "single", "float32", np.float32, np.dtype("f4"), "i", "H", "q", "?", "complex64", "U2"):
        if np.dtype(name).kind in "fiu?":
            assert tb.asarray(a, name).dtype == np.dtype(name)


# What NumPy 2 makes of a Python value beside its destination: (value, rule, {dtype: elements or error}).
SCALARS = [
    (True, "safe", {"?": True, "u1": 1, "f4": 1.0, "c8": 1 + 0j}),
    (True, "no", {"?": True, "u1": TypeError, "f4": TypeError}),
    (5, "no", {"u1": 5, "i8": 5, "f2": 5.0, "f4": 5.0, "c8": 5 + 0j, "?": TypeError}),
    (5, "unsafe", {"?": True}),
    (-1, "same_kind", {"i1": -1, "u1": OverflowError, "u8": OverflowError, "f8": -1.0}),
    (300, "unsafe", {"i1": OverflowError, "u1": OverflowError, "u2": 300}),
    (1 << 70, "same_kind", {"u8": OverflowError, "f8": float(1 << 70)}),
    (1.5, "no", {"f4": 1.5, "f8": 1.5, "c8": 1.5 + 0j}),
    (1.5, "same_kind", {"?": TypeError, "i4": TypeError}),
    (1.5, "unsafe", {"?": True, "i4": 1}),
    (1 + 2j, "same_kind", {"c8": 1 + 2j, "f4": TypeError, "i4": TypeError}),
    ([1, 2, 3], "same_kind", {"i1": [1, 2, 3], "u1": TypeError, "f4": [1.0, 2.0, 3.0]}),
    ([1, 2, 3], "safe", {"i4": TypeError, "i8": [1, 2, 3], "f4": TypeError, "f8": [1.0, 2.0, 3.0]}),
    ([1.5, 2, True], "same_kind", {"f4": [1.5, 2.0, 1.0], "i4": TypeError}),
    ((True, False, True), "safe", {"?": [True, False, True], "u1": [1, 0, 1]}),
    ([1 << 63, -1, 0], "same_kind", {"f4": [float(1 << 63), -1.0, 0.0], "i8": TypeError}),
    ([[1], [2], [3]], "same_kind", {"i4": ValueError}),
    ([1, 2], "same_kind", {"i4": ValueError}),
    (np.float64(1.5), "no", {"f4": TypeError, "f8": 1.5}),
    (np.int8(3), "safe", {"i2": 3, "u2": TypeError}),
]


@pytest.mark.parametrize(("value", "casting", "expected"), SCALARS, ids=lambda part: None if isinstance(part, dict) else repr(part))
def test_copyto_takes_python_values(value, casting, expected, balance):
    for dtype, result in expected.items():
        for copyto in (tb.copyto, np.copyto) if np.__version__ >= "2" else (tb.copyto,):
            target = np.zeros((2, 3), dtype)
            if isinstance(result, type):
                with pytest.raises(result):
                    copyto(target, value, casting)
                assert not target.any()
            else:
                copyto(target, value, casting)
                assert target.tolist() == [result if isinstance(result, list) else [result] * 3] * 2, dtype


def test_copyto_takes_text_and_refuses_what_is_none(balance):
    text = np.zeros(2, "U4")
    tb.copyto(text, "ab")
    tb.copyto(text[1:], ["abcd"])
    assert text.tolist() == ["ab", "abcd"]
    numbers = np.zeros(2)
    for value in (None, object(), [None], ["a", 1], [numbers], [[1], 2], "a", {1: 2}):
        with pytest.raises((TypeError, ValueError)):
            tb.copyto(numbers, value)
    tb.copyto(np.zeros(2, "u1"), b"ab")  # bytes are a buffer here, as everywhere
    tb.copyto(numbers, {"data": (numbers.ctypes.data, False), "shape": (2,), "typestr": "<f8"})


@pytest.fixture
def one_thread():
    """The calling thread copies every slice itself: what happens between two of them is then no matter of luck."""
    before = tb.get_num_threads()
    tb.set_num_threads(1)
    yield
    tb.set_num_threads(before)


def test_progress(balance, one_thread):
    seen = []
    source, target = np.ones(1 << 26, "u1"), np.zeros(1 << 26, "u1")
    tb.copyto(target, source, progress=lambda done, total: seen.append((done, total)))
    assert len(seen) > 1 and seen[-1] == (1 << 26, 1 << 26) and seen == sorted(seen) and target.all()
    for call in (tb.copy, tb.ascontiguousarray, tb.asfortranarray, lambda x, progress: tb.astype(x, "f4", progress=progress), lambda x, progress: tb.copyto(np.zeros(3), x, progress=progress)):
        seen.clear()
        call(np.zeros(3), progress=lambda done, total: seen.append((done, total)))
        assert len(seen) == 1 and seen[0][0] == seen[0][1] > 0


def test_progress_that_raises_stops_the_copy(balance, one_thread):
    class Enough(Exception):
        pass

    def stop(done, total):
        raise Enough(done)

    target = np.zeros(1 << 26, "u1")
    with pytest.raises(Enough) as error:
        tb.copyto(target, np.ones(1 << 26, "u1"), progress=stop)
    assert error.value.args[0] < 1 << 26 and not target.all()
    with pytest.raises(TypeError):
        tb.copyto(target, target[::-1], progress=5)


@pytest.mark.parametrize("threads", [1, 4])
def test_interrupt_stops_a_copy(threads, run_python):
    """The signal comes after the first slice. With one thread nobody copies meanwhile; others may be quick enough to finish."""
    code, output, errors = run_python(
        f"""
import signal, numpy as np, tensorbridge as tb
tb.set_num_threads({threads})
source = np.ones(1 << 27, 'u1')
target = np.zeros(1 << 27, 'u1')
fired = []
def progress(done, total):
    assert not fired, 'the copy went on after the interrupt'
    fired.append(done)
    signal.raise_signal(signal.SIGINT)
try:
    tb.copyto(target, source, progress=progress)
    print('finished')
except KeyboardInterrupt:
    print('stopped', len(fired), {threads} > 1 or (0 < fired[0] < 1 << 27 and int(target.sum(dtype='i8')) == fired[0]))
"""
    )
    assert (code, output, errors) == (0, "stopped 1 True\n", "")


def test_threads():
    before = tb.get_num_threads()
    try:
        tb.set_num_threads(1)
        assert tb.get_num_threads() == 1
        for n in (0, -3):
            with pytest.raises(ValueError):
                tb.set_num_threads(n)
        with pytest.raises(TypeError):
            tb.set_num_threads(1.5)
    finally:
        tb.set_num_threads(before)


# ---- life --------------------------------------------------------------------------------------------------


class Producer(bytearray):
    pass


def test_release(balance):
    producer = Producer(b"abcd")
    died = weakref.ref(producer)
    t = tb.asarray(producer)
    view, array = t[1:], np.asarray(t)
    del producer
    t.release()
    t.release()
    assert t.released and repr(t) == str(t) == "tensor(released)" and "released" in t._repr_html_()
    for use in (
        lambda: t.shape, lambda: t.strides, lambda: t.dtype, lambda: t[0], lambda: t.tolist(), lambda: np.from_dlpack(t), lambda: t.__array_interface__, lambda: tb.copy(t), lambda: t.__enter__(),
        lambda: memoryview(t), lambda: len(t), lambda: t.T, lambda: t.__dlpack_device__(), lambda: tb.asarray(t), lambda: tb.describe(t),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="released"):
            use()
    gc.collect()
    assert died() is not None and view.tolist() == [98, 99, 100] and array.tolist() == [97, 98, 99, 100]
    del view, array
    gc.collect()
    assert died() is None


def test_context_manager(balance):
    producer = Producer(b"abcd")
    with tb.asarray(producer) as t:
        with pytest.raises(BufferError):
            producer.append(1)
        assert t.tolist() == [97, 98, 99, 100]
    producer.append(1)
    assert t.released
    with pytest.raises(KeyError):
        with tb.zeros(3) as t:
            raise KeyError
    assert t.released
    with pytest.raises(ValueError, match="released"):
        with t:
            pass


def test_release_while_others_read(balance):
    stop = threading.Event()

    def read(t):
        while not stop.is_set():
            try:
                t.shape, t.__array_interface__, t[0], t.__dlpack__()
            except ValueError:
                return

    for _ in range(50):
        t = tb.asarray(bytearray(64))
        threads = [threading.Thread(target=read, args=(t,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        t.release()
        for thread in threads:
            thread.join()
    stop.set()
    del t, thread, threads


def test_weak_references_and_size(balance):
    a, t = pair()
    assert weakref.ref(t)() is t and hash(t) == hash(t) and t == t and t != tb.asarray(a)
    assert 100 < sys.getsizeof(t) < 1000 and sys.getsizeof(t) == sys.getsizeof(tb.zeros((3, 400)))


def test_pickle_is_refused_with_a_reason(balance):
    a, t = pair()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="cannot be pickled.*save_npy"):
            pickle.dumps(t, protocol)


def test_html():
    text = tb.asarray(np.array(["<b>"]))._repr_html_()
    assert "&lt;b&gt;" in text and "<b>" not in text and "tensor[" in text
