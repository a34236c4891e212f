"""tb.copyto beside np.copyto: random shapes, strides, types, overlap; small copies go a way of their own."""

import random

import pytest

import tensorbridge as tb

np = pytest.importorskip("numpy")

TYPES = ["?", "i1", "<i2", ">i2", "<i4", "<u8", "<f2", "<f4", ">f4", "<f8", "<c8", ">c16", "S3", "<U2", "<M8[s]", "V5"]
RECORD = np.dtype([("a", "<i2"), ("b", ">f4", (2,))])


def values(rng, shape, dtype):
    raw = np.frombuffer(rng.randbytes(max(1, int(np.prod(shape))) * np.dtype(dtype).itemsize), "u1")
    kind = np.dtype(dtype).kind
    if kind in "fc":
        return np.asarray([rng.randrange(-99, 99) for _ in range(int(np.prod(shape)))]).reshape(shape).astype(dtype)
    if kind == "b":
        return (raw[: int(np.prod(shape))] & 1).astype(bool).reshape(shape)
    if kind in "SU":
        return np.asarray([str(rng.randrange(99)) for _ in range(int(np.prod(shape)))] or [], dtype).reshape(shape)
    return raw[: int(np.prod(shape)) * np.dtype(dtype).itemsize].view(dtype).reshape(shape)


def strided(rng, shape, dtype):
    """An array of that shape inside a larger one: axes in any order, steps of any sign."""
    order = rng.sample(range(len(shape)), len(shape))
    steps = [rng.choice([1, 1, 2, 3, -1, -2]) for _ in shape]
    whole = np.zeros([max(1, shape[axis]) * abs(steps[axis]) for axis in order], dtype)
    view = whole[(*(slice(None, None, steps[axis]) for axis in order), ...)]
    # The dots keep an array of rank 0 an array.
    view = view[(*(slice(0, shape[axis]) for axis in order), ...)].transpose(np.argsort(order) if shape else None)
    assert view.shape == tuple(shape)
    return view


def both(dst, src):
    """What NumPy makes of it and what we make of it: bytes of the destination, or the kind of error."""
    base = dst
    while base.base is not None:
        base = base.base
    before = base.copy()
    results = []
    for copyto in (np.copyto, tb.copyto):
        base[...] = before
        try:
            copyto(dst, src)
            results.append(base.tobytes())
        except (TypeError, ValueError) as error:
            assert base.tobytes() == before.tobytes()
            results.append(type(error))
    return results


@pytest.mark.parametrize("seed", range(6))
def test_copies_as_numpy_does(seed, balance):
    rng = random.Random(seed)
    copied = 0
    for _ in range(300):
        shape = [rng.randrange(0, 6) if rng.random() < 0.1 else rng.randrange(1, 6) for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 4, 9]))]
        source_type = rng.choice(TYPES)
        # Texts, dates and raw bytes convert among themselves in ways of their own; here they keep their type.
        numbers = [t for t in TYPES if np.dtype(t).kind in "biufc"]
        target_type = rng.choice(numbers) if source_type in numbers and rng.random() < 0.4 else source_type
        dst = strided(rng, shape, target_type)
        thin = [1 if rng.random() < 0.2 else extent for extent in shape][rng.choice([0, 0, 0, 1]) if len(shape) > 1 else 0 :]
        src = strided(rng, thin, source_type)
        src[...] = values(rng, thin, source_type)
        expected, got = both(dst, src)
        assert got == expected, (dst.dtype, dst.shape, dst.strides, src.dtype, src.shape, src.strides)
        copied += isinstance(got, bytes)
    assert copied > 150


@pytest.mark.parametrize("seed", range(4))
def test_overlapping_memory_is_copied_as_if_it_were_not(seed):
    rng = random.Random(seed)
    for _ in range(200):
        memory = np.arange(60, dtype="i4")
        count = rng.randrange(1, 12)
        views = []
        for _ in range(2):
            step = rng.choice([1, 2, 3, -1, -2])
            start = rng.randrange(0, 20) if step > 0 else rng.randrange(40, 60)
            views.append(memory[start::step][:count])
        count = min(len(views[0]), len(views[1]))
        # Not what np.copyto makes of it, which in one dimension takes steps of different size for safe (NumPy 1.24).
        expected = views[1][:count].copy()
        tb.copyto(views[0][:count], views[1][:count])
        assert views[0][:count].tolist() == expected.tolist()


def test_records_move_whole():
    src = np.zeros((3, 4), RECORD)
    src["a"] = np.arange(12).reshape(3, 4)
    src["b"] = 2.5
    dst = np.zeros((4, 3), RECORD).T
    tb.copyto(dst, src)
    assert dst.tobytes() == src.tobytes()


def test_what_does_not_fit_is_refused_and_nothing_is_written():
    dst = np.zeros(4, "f4")
    frozen = np.zeros(4, "f4")
    frozen.flags.writeable = False
    wide = np.lib.stride_tricks.as_strided(dst, (4,), (0,))
    for target, source, error in [
        (dst, np.ones(3, "f4"), ValueError),
        (dst, np.ones((2, 4), "f4"), ValueError),
        (dst, np.ones(4, "c8"), TypeError),
        (frozen, np.ones(4, "f4"), ValueError),
        (wide, np.ones(4, "f4"), ValueError),
    ]:
        with pytest.raises(error):
            tb.copyto(target, source)
    assert not dst.any() and not frozen.any()


def test_a_small_source_of_another_length_of_time():
    dst = np.zeros(3, "<M8[ms]")
    tb.copyto(dst, np.asarray(["2020-01-01", "NaT", "1969-12-31"], "<M8[D]"))
    assert [str(value) for value in dst] == ["2020-01-01T00:00:00.000", "NaT", "1969-12-31T00:00:00.000"]
