"""array_equal and allclose: one answer for any strides, byte orders and numeric types, the same as NumPy's."""

import pytest

np = pytest.importorskip("numpy")

import tensorbridge as tb

LAYOUTS = {
    "dense": lambda a: a,
    "fortran": lambda a: np.asfortranarray(a),
    "steps": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "backwards": lambda a: a[::-1].copy()[::-1],
    "misaligned": lambda a: np.frombuffer(b"\0" + a.tobytes(), a.dtype, a.size, offset=1).reshape(a.shape),
    "swapped": lambda a: a.astype(a.dtype.newbyteorder()),
}
TYPES = ["?", "i1", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0]


def numbers(dtype, shape, seed=1):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 2 if dtype == "?" else 100, shape)
    return (values + 1j * values if dtype[0] == "c" else values).astype(dtype)


def both(function, theirs, *arguments, **options):
    with np.errstate(all="ignore"):
        return bool(function(*arguments, **options)), bool(theirs(*arguments, **options))


@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (1000,), (300, 401), (3, 1, 70001), (6, 5, 4, 3)], ids=str)
@pytest.mark.parametrize("dtype", TYPES)
def test_every_layout_and_every_place_of_a_difference(dtype, shape, balance):
    a = numbers(dtype, shape)
    for name, lay in LAYOUTS.items():
        b = lay(a)
        assert tb.array_equal(a, b) and tb.array_equal(b, a) and tb.allclose(a, b), name
    for place in {0, a.size // 3, a.size - 1} if a.size else ():
        changed = a.copy()
        changed.flat[place] = changed.flat[place] == 0
        for name, lay in LAYOUTS.items():
            b = lay(changed)
            assert not tb.array_equal(a, b) and not tb.array_equal(b, a), (name, place)
            assert tb.allclose(a, b) == np.allclose(a, b) == False, (name, place)  # noqa: E712


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8", "c16"])
def test_special_values_anywhere(dtype, balance):
    """NaN and infinities in one lane of a vector, in the rest behind the last one, on either side, beside ordinary numbers."""
    for place in (0, 5, 63, 64, 66):
        for left in [*SPECIAL, 1.0]:
            for right in [*SPECIAL, 1.0]:
                a, b = np.ones(67, dtype), np.ones(67, dtype)
                a[place], b[place] = left, right
                if dtype[0] == "c":
                    b.imag[place] = left
                for x, y in ((a, b), (np.repeat(a, 2)[::2], b)):
                    for equal_nan in (False, True):
                        ours, theirs = both(tb.array_equal, np.array_equal, x, y, equal_nan=equal_nan)
                        assert ours == theirs, (place, left, right, equal_nan)
                        if dtype[0] == "c" and np.isinf([left, right]).any():
                            continue  # NumPy multiplies by 1 first, which makes NaN of complex infinities
                        ours, theirs = both(tb.allclose, np.allclose, x, y, equal_nan=equal_nan)
                        assert ours == theirs, (place, left, right, equal_nan)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i4", "i8", "u1", "c16"])
def test_tolerances_on_their_edges(dtype, balance):
    a = numbers(dtype, (130,)) + np.ones(1, dtype)
    for step in (0, 1, 2):
        b = a.copy()
        b[77] += step
        distance = float(abs(complex(b[77]) - complex(a[77])))
        for options in ({"atol": distance, "rtol": 0}, {"atol": distance * (1 - 1e-6), "rtol": 0}, {"rtol": 0, "atol": -1}, {"rtol": np.nan}):
            ours, theirs = both(tb.allclose, np.allclose, a, b, **options)
            # NumPy from 2 on takes equal numbers for close even where the tolerance is negative or NaN.
            is_sane = options.get("atol", 0) >= 0 and options["rtol"] >= 0
            assert ours == theirs or (np.__version__ >= "2" and not is_sane), (step, options)


def test_booleans_are_equal_by_truth(balance):
    a, b = np.ones(100, "?"), np.full(100, 2, "u1").view("?")
    assert tb.array_equal(a, b) and tb.allclose(a, b) and tb.array_equal(b, np.ones(100, "i4"))
    b.view("u1")[99] = 0
    assert not tb.array_equal(a, b)


@pytest.mark.parametrize(("left", "right"), [("i1", "u1"), ("i8", "u8"), ("u8", "i4"), ("?", "i8"), ("i4", "f4"), ("f2", "f4"), ("f4", "f8"), ("f4", "c16"), ("i8", "f8")])
def test_mixed_types(left, right, balance):
    a = numbers(left, (3, 50, 60)) % 2
    assert tb.array_equal(a, a.astype(right)) and tb.allclose(a.T, a.astype(right).T)
    b = a.astype(right)
    b[2, 49, 59] += 1
    assert not tb.array_equal(a, b) and not tb.allclose(a, b)


def test_memory_of_many_runs(balance):
    """Larger than what is compared between two looks at signals, and cut into many blocks."""
    a = np.zeros((2300, 2000), "f4")
    b = np.zeros((2000, 2300), "f4").T
    assert tb.array_equal(a, a.copy()) and tb.array_equal(a, b) and tb.allclose(a, b)
    b[2299, 1999] = 1
    assert not tb.array_equal(a, b) and not tb.allclose(a, b)
    c = a.copy()
    c[2299, 1999] = np.nan
    assert not tb.array_equal(a, c) and tb.array_equal(c, c.copy(), equal_nan=True)


def test_array_equal(balance):
    a = np.arange(60000, dtype="i4").reshape(30, 40, 50)
    t = tb.asarray(a)
    assert tb.array_equal(t, a) and tb.array_equal(t.T, a.T.copy()) and tb.array_equal(t[::-1], a[::-1].astype(">f8"))
    changed = a.copy()
    changed[29, 39, 49] += 1
    assert not tb.array_equal(a, changed) and not tb.array_equal(a, a[1:]) and not tb.array_equal(np.zeros(3), np.zeros((3, 1)))
    assert tb.array_equal(np.zeros((0, 3)), np.zeros((0, 3), "i2"))
    assert not tb.array_equal(np.array([-1], "i8"), np.array([(1 << 64) - 1], "u8")) and tb.array_equal(np.array([1], "i1"), np.array([1], "u8"))
    assert not tb.array_equal(np.array([1 << 53], "i8"), np.array([(1 << 53) + 1], "u8"))
    nan = np.array([1, np.nan])
    assert not tb.array_equal(nan, nan) and tb.array_equal(nan, nan, equal_nan=True) and tb.array_equal(nan + 0j, nan, True)
    assert tb.array_equal(5, np.array(5)) and tb.array_equal(True, 1) and not tb.array_equal(5, np.array([5]))


def test_array_equal_of_other_types(balance):
    assert tb.array_equal(np.array(["ab", "c"]), np.array(["ab", "c"], ">U7")) and not tb.array_equal(np.array(["ab"]), np.array(["ac"]))
    assert tb.array_equal(np.array([b"ab"]), np.array([b"ab"], "S9")) and not tb.array_equal(np.array([b"1"]), np.array([1]))
    days = np.array(["2024-01-01", "NaT"], "M8[D]")
    assert not tb.array_equal(days, days) and tb.array_equal(days, days.astype(">M8[D]"), equal_nan=True)
    with pytest.raises(TypeError, match="unit"):
        tb.array_equal(days, days.astype("M8[s]"))
    records = np.zeros(3, [("x", "<i4"), ("y", ">f8", (2,))])
    other = np.zeros(3, [("x", "<f8"), ("y", "<f8", (2,))])
    assert tb.array_equal(records, other)
    other["y"][2, 1] = 1
    assert not tb.array_equal(records, other) and not tb.array_equal(records, np.zeros(3, [("z", "<i4"), ("y", "<f8", (2,))]))
    for arguments in ((None, 1), ([1], 1), (object(), 1)):
        with pytest.raises(TypeError):
            tb.array_equal(*arguments)


def test_allclose(balance):
    rng = np.random.default_rng(3)
    for dtype in ("f2", "f4", ">f8", "c8", "i4", "?"):
        for _ in range(20):
            a = (rng.random((5, 7)) * 10).astype(dtype)
            b = (a + (rng.random((5, 7)) * rng.choice([1e-9, 1e-4, 1])).astype(a.real.dtype if dtype == "c8" else dtype)).astype(dtype)
            for options in ({}, {"rtol": 1e-3}, {"atol": 0.5}, {"rtol": 0, "atol": 0}):
                with np.errstate(all="ignore"):
                    assert tb.allclose(a.T, b.T, **options) == np.allclose(a.T, b.T, **options)
    special = np.array([np.inf, -np.inf, np.nan])
    assert not tb.allclose(special, special) and tb.allclose(special, special, equal_nan=True) and not tb.allclose(np.inf, -np.inf)
    assert tb.allclose(np.ones((3, 1)), np.ones(4)) and tb.allclose(np.zeros((0, 3)), 1.0)
    with pytest.raises(ValueError):
        tb.allclose(np.ones(3), np.ones(4))
    with pytest.raises(TypeError):
        tb.allclose(np.array(["a"]), 1)
