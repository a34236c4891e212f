"""NumPy as a DLPack peer, both ways. NumPy 1.24 knows legacy capsules only, 2.1 and newer versioned ones and the keywords."""

import weakref

import numpy as np
import pytest
import tensorbridge as tb

NUMPY = tuple(int(part) for part in np.__version__.split(".")[:2])
VERSIONED = NUMPY >= (2, 1)
versioned_only = pytest.mark.skipif(not VERSIONED, reason=f"NumPy {np.__version__} knows legacy capsules only; ./build.sh test --peers brings a newer one")
legacy_only = pytest.mark.skipif(VERSIONED, reason="NumPy from 2.1 on exchanges versioned capsules")

TYPES = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"] + (["?"] if VERSIONED else [])
VIEWS = {
    "dense": lambda a: a,
    "columns": lambda a: a.T,
    "steps": lambda a: a[:, ::2],
    "negative": lambda a: a[::-1, ::-1],
    "scalar": lambda a: a[1, 2],
    "empty": lambda a: a[:0],
    "new axis": lambda a: a[:, None, :1],
    "broadcast": lambda a: a[:1].repeat(1, 0)[np.newaxis, 0],
}


def pointer(a):
    return a.__array_interface__["data"][0]


def grid(dtype="f4"):
    return np.arange(12).astype(dtype).reshape(3, 4)


def fill(t, value):
    tb.copyto(t, tb.asarray(np.full(t.shape, value, "f4")))


def same_strides(a, t):
    return all(x == y for x, y, n in zip(a.strides, t.strides, a.shape) if n > 1)


# ---- NumPy to us ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES)
def test_types_in(dtype, balance):
    a = grid(dtype)
    t = tb.from_dlpack(a)
    assert t.ptr == pointer(a) and t.typestr == a.dtype.str and t.tolist() == a.tolist()


@pytest.mark.parametrize("view", VIEWS)
def test_views_in(view, balance):
    a = np.asarray(VIEWS[view](grid()))
    t = tb.from_dlpack(a)
    assert t.shape == a.shape and t.tolist() == a.tolist()
    if a.size:
        assert t.ptr == pointer(a) and same_strides(a, t)


def test_in_place_from_here(balance):
    a = grid()
    t = tb.from_dlpack(a, writable=True)
    assert not t.readonly
    fill(t[1:, ::2], 9)
    assert a.tolist() == [[0, 1, 2, 3], [9, 5, 9, 7], [9, 9, 9, 11]]


@legacy_only
def test_a_legacy_capsule_cannot_say_writable(balance):
    assert tb.from_dlpack(grid()).readonly
    assert not tb.asarray(grid()).readonly  # by the buffer protocol, which can
    with pytest.raises(TypeError):  # NumPy's words for a keyword it does not know
        grid().__dlpack__(max_version=(1, 0))


@versioned_only
def test_a_versioned_capsule_says_it(balance):
    a = grid()
    assert not tb.from_dlpack(a).readonly
    a.flags.writeable = False
    assert tb.from_dlpack(a).readonly


@legacy_only
def test_read_only_arrays_are_refused_by_numpy(balance):
    a = grid()
    a.flags.writeable = False
    with pytest.raises((BufferError, TypeError), match="(?i)readonly|read-only"):
        tb.from_dlpack(a)
    assert tb.asarray(a).readonly


@pytest.mark.parametrize("dtype", [">f4", "M8[s]", "S3", "V4", "O", "g"])
def test_types_that_numpy_refuses(dtype, balance):
    with pytest.raises((BufferError, TypeError)):
        tb.from_dlpack(np.zeros(2, dtype))


@pytest.mark.parametrize("device", ["cpu", (1, 0)])
def test_device_keyword_in(device, balance):
    a = grid()
    assert tb.from_dlpack(a, device=device).ptr == pointer(a)
    assert tb.from_dlpack(a, device=device, copy=False).ptr == pointer(a)
    copied = tb.from_dlpack(a, device, True)
    assert copied.ptr != pointer(a) and not copied.readonly and copied.tolist() == a.tolist()


def test_other_devices_are_numpys_to_refuse(balance):
    with pytest.raises((BufferError, ValueError, TypeError)):
        tb.from_dlpack(grid(), device="cuda")


class Array(np.ndarray):
    """Takes weak references, and counts."""


def test_the_array_lives_as_long_as_a_view_of_ours(balance):
    a = grid().view(Array)
    alive = weakref.ref(a)
    t = tb.from_dlpack(a)
    view = t[1:]
    del a, t
    assert alive() is not None and view.tolist() == grid()[1:].tolist()
    del view
    assert alive() is None


# ---- us to NumPy ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES)
def test_types_out(dtype, balance):
    t = tb.asarray(grid(dtype), copy=True)
    a = np.from_dlpack(t)
    assert pointer(a) == t.ptr and a.dtype == np.dtype(dtype) and a.tolist() == t.tolist()


@pytest.mark.parametrize("view", VIEWS)
def test_views_out(view, balance):
    t = tb.asarray(np.asarray(VIEWS[view](grid())))
    if t.readonly and not VERSIONED:
        pytest.skip("a legacy capsule cannot say read-only")
    a = np.from_dlpack(t)
    assert a.shape == t.shape and a.tolist() == t.tolist()
    if a.size:
        assert pointer(a) == t.ptr and same_strides(a, t)


def test_what_is_written_here_is_seen_there(balance):
    t = tb.asarray(grid(), copy=True)
    a = np.from_dlpack(t)
    fill(t[0], 7)
    assert a[0].tolist() == [7] * 4
    # Writable from NumPy 2.3 on; before, NumPy locks every import.
    assert a.flags.writeable == (NUMPY >= (2, 3))
    if a.flags.writeable:
        a[1] = 8
        assert t[1].tolist() == [8] * 4
    np.asarray(t)[2] = 9
    assert a[2].tolist() == [9] * 4


def test_read_only_out(balance):
    t = tb.asarray(b"abcd")
    if VERSIONED:
        a = np.from_dlpack(t)
        assert pointer(a) == t.ptr and not a.flags.writeable
    else:
        with pytest.raises(BufferError, match="read-only"):
            np.from_dlpack(t)


@versioned_only
def test_keywords_out(balance):
    t = tb.asarray(grid(), copy=True)
    assert pointer(np.from_dlpack(t, copy=False)) == t.ptr
    assert pointer(np.from_dlpack(t, device="cpu")) == t.ptr
    copied = np.from_dlpack(t, copy=True)
    assert pointer(copied) != t.ptr and copied.tolist() == t.tolist()
    with pytest.raises(ValueError, match="(?i)device"):
        np.from_dlpack(t, device="cuda")


def test_types_that_numpy_lacks(balance):
    bfloat = tb.frombuffer(bytearray(8), "<V2").view("bfloat16")
    with pytest.raises((BufferError, RuntimeError, TypeError)):
        np.from_dlpack(bfloat)
    assert tb.from_dlpack(bfloat.__dlpack__(max_version=(1, 0))).dtype == "bfloat16"


def test_each_import_holds_the_memory_alone(balance):
    created = tb._core.statistics()
    t = tb.asarray(grid(), copy=True)
    imports = [np.from_dlpack(t) for _ in range(3)]
    del t
    assert all(a.tolist() == grid().tolist() for a in imports)
    assert tb._core.statistics()["released"] - created["released"] < tb._core.statistics()["created"] - created["created"]
    del imports  # the fixture compares the counts


def test_round_trips(balance):
    t = tb.asarray(grid(), copy=True)
    chain = t
    for _ in range(5):
        chain = tb.from_dlpack(np.from_dlpack(chain) if VERSIONED else np.asarray(chain), writable=True)
    assert (chain.ptr, chain.shape, chain.strides) == (t.ptr, t.shape, t.strides)


def test_unused_capsules(balance):
    t = tb.asarray(grid(), copy=True)
    capsules = [t.__dlpack__(), t.__dlpack__(max_version=(1, 0)), grid().__dlpack__()]
    del t, capsules
