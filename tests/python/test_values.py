"""Arrays of NumPy as tensors: random views of random types, compared with NumPy value by value and byte by byte."""

import datetime
import random

import pytest

np = pytest.importorskip("numpy")

import tensorbridge as tb

PLAIN = ["?", "i1", "u1", "<i2", ">i2", "<u4", ">u4", "<i8", ">u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<c8", ">c8", "<c16", ">c16"]
DATES = ["<M8[D]", ">M8[s]", "<M8[ns]", "<M8[25us]", "<M8[M]", "<m8[h]", ">m8[ms]", "<m8[ps]", "<m8[W]"]
TEXTS = ["S1", "S5", "<U1", ">U4", "V3"]
RECORDS = [
    np.dtype([("x", "<i4"), ("y", ">f8")]),
    np.dtype([("a", "u1"), ("b", "<f4"), ("c", "S3")], align=True),
    np.dtype({"names": ["p", "q"], "formats": [">i2", "<u8"], "offsets": [3, 8], "itemsize": 21}),
    np.dtype([("day", "<M8[D]"), ("took", ">m8[ms]"), ("n", "<i2")]),
    np.dtype([("outer", [("inner", "<c8"), ("flag", "?")]), ("text", "<U2")]),
]
ALL = [np.dtype(text) for text in PLAIN + DATES + TEXTS] + RECORDS


# ---- the generator -----------------------------------------------------------------------------------------


def random_bytes(dtype, count, rng):
    """Bytes that are values of the type: truth values of 0 and 1, text of valid code points, dates near 1970."""
    if dtype.names:
        array = np.zeros(count, dtype)
        for name in dtype.names:
            array[name] = random_array(dtype[name], count, rng)
        return array.tobytes()
    if dtype.kind == "b":
        return bytes(rng.choices((0, 1), k=count))
    if dtype.kind in "Mm":
        ticks = [rng.choice((rng.randrange(-(10**6), 10**6), -(1 << 63))) for _ in range(count)]
        return np.array(ticks, "i8").astype(dtype.byteorder + "i8").tobytes()
    if dtype.kind == "U":
        return np.array(["".join(rng.choices("aé€𝄞z\0", k=dtype.itemsize // 4)) for _ in range(count)], dtype).tobytes()
    return rng.randbytes(count * dtype.itemsize)


def random_array(dtype, count, rng):
    return np.frombuffer(random_bytes(dtype, count, rng), dtype, count)


def random_view(dtype, rng):
    """A view into memory of its own: any rank, negative, zero and overlapping strides, unaligned starts, read-only or not."""
    rank = rng.randrange(0, 5)
    shape = tuple(rng.choice((0, 1, 1, 2, 3, 4, 5)) for _ in range(rank))
    steps = [rng.choice((0, dtype.itemsize, 2 * dtype.itemsize, 3 * dtype.itemsize + 1, -dtype.itemsize, -2 * dtype.itemsize)) for _ in shape]
    count = max(1, int(np.prod(shape)))
    return dense(dtype, shape, count, rng) if rng.random() < 0.4 else strided(dtype, shape, steps, rng)


def dense(dtype, shape, count, rng):
    array = np.frombuffer(bytearray(random_bytes(dtype, count, rng)), dtype, int(np.prod(shape))).reshape(shape)
    array = array.transpose(rng.sample(range(len(shape)), len(shape)))
    return array[(*(slice(None, None, rng.choice((1, 1, -1, 2))) for _ in shape), ...)]


def strided(dtype, shape, steps, rng):
    """Strides that step between elements only, except for items that may start anywhere."""
    if dtype.kind in "bMmU" or dtype.names:
        steps = [step // dtype.itemsize * dtype.itemsize for step in steps]
    low = sum(min(0, (length - 1) * step) for length, step in zip(shape, steps) if length)
    high = sum(max(0, (length - 1) * step) for length, step in zip(shape, steps) if length)
    count = (high - low) // dtype.itemsize + 2
    offset = rng.choice((0, 0, 1, 3))
    memory = bytearray(offset) + bytearray(random_bytes(dtype, count, rng))
    array = np.ndarray(shape, dtype, memory, offset - low, steps)
    if rng.random() < 0.2:
        array.flags.writeable = False
    return array


def cases(dtype, count=40):
    rng = random.Random(f"{dtype.str} {dtype.descr}")
    return [random_view(dtype, rng) for _ in range(count)]


def same(a, b):
    """Equal values of equal types; NaN equals NaN."""
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(b, float) and b != b or isinstance(b, complex) and b != b:
        return type(a) is type(b) and repr(a) == repr(b)
    return type(a) is type(b) and a == b


def values_of(data, dtype):
    """The bytes of the values. What lies between the fields of a record is undefined: NumPy 2 does not copy it."""
    if not dtype.names or not data:
        return data
    records = np.frombuffer(data, dtype)
    return {name: values_of(records[name].tobytes(), dtype[name].base) for name in dtype.names}


# ---- properties --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_import_export_import_is_the_identity(dtype, balance):
    for a in cases(dtype):
        t = tb.asarray(a)
        b = np.asarray(t)
        u = tb.asarray(b)
        assert t.dtype == a.dtype and b.dtype == a.dtype, (a.dtype, b.dtype)
        assert t.shape == u.shape == b.shape == a.shape and u.readonly == t.readonly == (not a.flags.writeable)
        if a.size:
            assert t.ptr == u.ptr == a.__array_interface__["data"][0]
            assert all(s == r or n == 1 for s, r, n in zip(t.strides, a.strides, a.shape))
        assert values_of(u.tobytes(), dtype) == values_of(a.tobytes(), dtype)


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_bytes_are_numpys(dtype, balance):
    for a in cases(dtype):
        t = tb.asarray(a)
        c, f = values_of(a.tobytes(), dtype), values_of(a.tobytes("F"), dtype)
        assert values_of(t.tobytes(), dtype) == c and values_of(t.tobytes("F"), dtype) == f
        assert values_of(tb.ascontiguousarray(t).tobytes(), dtype) == c and tb.ascontiguousarray(t).c_contiguous
        assert tb.asfortranarray(t).f_contiguous and values_of(np.asarray(tb.copy(t, "K")).tobytes(), dtype) == c


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_values_are_numpys(dtype, balance):
    for a in cases(dtype):
        assert same(tb.asarray(a).tolist(), a.tolist()), (a.dtype, a.shape, a.strides)


@pytest.mark.parametrize("dtype", [dtype for dtype in ALL if not dtype.names], ids=str)
def test_elements_are_numpys(dtype, balance):
    rng = random.Random(str(dtype))
    for a in cases(dtype, 10):
        t = tb.asarray(a)
        for index in [tuple(rng.randrange(-n, n) for n in a.shape) for _ in range(5) if a.size]:
            assert same(t[index], a[index].item()) and same(t.item(*index), a.item(*index))


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_equality_sees_every_element(dtype, balance):
    for a in cases(dtype, 20):
        t, b = tb.asarray(a), a.copy()
        assert tb.array_equal(t, b, equal_nan=True)
        if a.size and not dtype.names:
            flat = b.reshape(-1)
            raw = flat[-1:].view("u1")
            raw[0] ^= 1
            expected = bool(flat[-1:].tobytes() == a.reshape(-1)[-1:].tobytes())
            if dtype.kind not in "fcMm":
                assert tb.array_equal(t, b) == expected


# ---- the same questions, with answers written down ---------------------------------------------------------


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "25s", "7D", "2Y", "3M"])
def test_dates(unit, balance):
    ticks = np.array([0, 1, -1, 12345, -98765, 10**6, -(1 << 63)], "i8")
    for kind in "Mm":
        a = ticks.view(f"{kind}8[{unit}]")
        assert tb.asarray(a).tolist() == a.tolist()
        assert [tb.asarray(a)[i] for i in range(a.size)] == a.tolist()


def test_dates_out_of_range_are_ticks():
    for text in ("M8[s]", "M8[D]", "M8[Y]", "m8[s]"):
        a = np.array([10**17, -(10**17)], "i8").view(text)
        assert tb.asarray(a).tolist() == [10**17, -(10**17)]
    assert tb.asarray(np.array([5], "i8").view("M8")).tolist() == [None] and tb.asarray(np.array([5], "i8").view("m8")).tolist() == [5]


def test_sub_arrays_are_lists():
    a = np.zeros(2, [("a", "<i4", (2, 3)), ("d", "<M8[D]", (2,))])
    a["a"][1] = np.arange(6).reshape(2, 3)
    day = datetime.date(1970, 1, 1)
    assert tb.asarray(a).tolist() == [([[0, 0, 0], [0, 0, 0]], [day, day]), ([[0, 1, 2], [3, 4, 5]], [day, day])]


def test_scalars_of_numpy():
    for scalar in [np.float32(2.5), np.int8(-3), np.bool_(True), np.complex64(1 + 2j), np.datetime64("2024-02-29T12", "h"), np.timedelta64(5, "D"), np.str_("abc")]:
        t = tb.asarray(scalar)
        assert t.shape == () and t.dtype == scalar.dtype and t.item() == scalar.item()
    assert tb.asarray(np.float32(2.5), via="array_interface").item() == 2.5


def test_masked_arrays_are_refused():
    import numpy.ma

    class Mine(numpy.ma.MaskedArray):
        pass

    for masked in (numpy.ma.array([1, 2], mask=[0, 1]), numpy.ma.array([1, 2]), numpy.ma.array([1, 2]).view(Mine)):
        for read in (tb.asarray, tb.from_dlpack, lambda x: tb.asarray(x, via="buffer"), lambda x: tb.copyto(np.zeros(2, int), x)):
            with pytest.raises(ValueError, match="mask"):
                read(masked)
    assert tb.asarray(masked.filled(7)).tolist() == [1, 2] and tb.asarray(masked.data).tolist() == [1, 2]


SHOWN = [
    np.arange(6).reshape(2, 3),
    np.array([1.5, -2.25, 1e300]),
    np.array([np.nan, np.inf, 1.0], "f4"),
    np.array([True, False]),
    np.array([1 + 2j, 0.5j]),
    np.array(["2024-01-01", "NaT"], "M8[D]"),
    np.array([3, -1], "m8[s]"),
    np.array([b"ab", b"c"]),
    np.array(["ab", "c'd"]),
    np.arange(2000.0).reshape(40, 50),
    np.zeros((2, 0)),
    np.array(7),
    np.array([(1, 2.5), (3, 4.5)], [("x", "i4"), ("y", "f8")]),
    np.arange(12, dtype=">i2").reshape(3, 4)[::-1, ::2],
    np.random.default_rng(1).random((3, 12)),
]


@pytest.mark.parametrize("a", SHOWN, ids=lambda a: f"{a.dtype} {a.shape}")
def test_text_is_numpys(a):
    t = tb.asarray(a)
    body = np.array2string(a, separator=", ", prefix="tensor(") if a.size else "[]"
    assert repr(t).startswith(f"tensor({body},")
    assert f"shape={a.shape}" in repr(t) and "device='cpu'" in repr(t)
    assert str(t) == str(a)


def test_text_of_single_values():
    for value in ("text", b"bytes", 1.5, 3, True, 2j):
        a = np.array(value)
        # NumPy 2 writes a single bytes value as np.bytes_(b'bytes').
        assert str(tb.asarray(a)) == (str(value) if isinstance(value, bytes) else str(a))
    assert str(tb.asarray(np.array("2024-01-01T05", "M8[h]"))) == "2024-01-01T05"
    assert f"{tb.asarray(np.array([1.25]))[0]:.1f}" == "1.2"
