"""PyTorch as a DLPack peer, both ways, and the exchange tables of both sides."""

import ctypes
import gc

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not here; ./build.sh test --peers brings it")

import tensorbridge as tb

gc.collect()
gc.freeze()  # what PyTorch brings along need not be looked at after every test

from dlpack_structs import capsule_pointer, new_capsule

TYPES = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64]
TYPES += [torch.float16, torch.float32, torch.float64, torch.bfloat16, torch.complex32, torch.complex64, torch.complex128]
SMALL = [name for name in ("float8_e5m2", "float8_e4m3fn", "float8_e5m2fnuz", "float8_e4m3fnuz", "float8_e8m0fnu") if hasattr(torch, name)]
TYPES += [getattr(torch, name) for name in SMALL]
VIEWS = {
    "dense": lambda x: x,
    "columns": lambda x: x.T,
    "steps": lambda x: x[:, ::2],
    "one column": lambda x: x[:, 1],
    "scalar": lambda x: x[1, 2],
    "empty": lambda x: x[:0],
    "new axis": lambda x: x[:, None, :1],
    "broadcast": lambda x: x[:1].expand(3, 4),
}


def name_of(dtype):
    return str(dtype).removeprefix("torch.")


def grid(dtype=torch.float32):
    return torch.arange(12).reshape(3, 4).to(dtype)


def ours(dtype="f4"):
    return tb.asarray(np.arange(12).astype(dtype).reshape(3, 4), copy=True)


def fill(t, value):
    tb.copyto(t, tb.asarray(np.full(t.shape, value, "f4")))


def byte_strides(x):
    return tuple(step * x.element_size() for step in x.stride())


TAKE = pytest.mark.parametrize("take", [tb.asarray, tb.from_dlpack])


# ---- PyTorch to us -------------------------------------------------------------------------------------------


@TAKE
@pytest.mark.parametrize("dtype", TYPES, ids=name_of)
def test_types_in(take, dtype, balance):
    x = grid(dtype) if dtype not in (torch.bool,) else grid() > 5
    t = take(x)
    assert t.ptr == x.data_ptr() and t.dtype == name_of(dtype) and not t.readonly and t.device == "cpu"
    assert t.tobytes() == bytes(x.contiguous().view(torch.uint8).flatten().tolist())


@TAKE
@pytest.mark.parametrize("view", VIEWS)
def test_views_in(take, view, balance):
    x = VIEWS[view](grid())
    t = take(x)
    assert t.shape == tuple(x.shape) and t.tolist() == x.tolist()
    if x.numel():
        assert t.ptr == x.data_ptr()
        assert all(a == b for a, b, n in zip(t.strides, byte_strides(x), x.shape) if n > 1)


def test_in_place(balance):
    x = grid()
    fill(tb.asarray(x)[1:, ::2], 9)
    assert x.tolist() == [[0, 1, 2, 3], [9, 5, 9, 7], [9, 9, 9, 11]]


@TAKE
def test_refused_in(take, balance):
    """What PyTorch's exchange table hands out, but its __dlpack__ refuses."""
    for x, words in [
        (torch.zeros(3, requires_grad=True), "require gradient"),
        (torch.nn.Parameter(torch.zeros(3)), "require gradient"),
        (torch.tensor([1 + 2j]).conj(), "conjugate bit"),
        (torch.zeros(3, 3).to_sparse(), "strided"),
        (torch.zeros(3, device="meta"), "meta"),
    ]:
        with pytest.raises((BufferError, RuntimeError, ValueError), match=words):
            take(x)
    assert take(torch.zeros(3, requires_grad=True).detach()).shape == (3,)
    assert take(torch.tensor([1 + 2j]).conj().resolve_conj()).tolist() == [1 - 2j]


@TAKE
def test_negated_views_are_refused(take, balance):
    """Both of PyTorch's doors give the memory, with the opposite signs."""
    x = torch.tensor([1 + 2j, 3 - 4j]).conj().imag
    assert x.is_neg() and x.tolist() == [-2, 4]
    with pytest.raises(BufferError, match="resolve_neg"):
        take(x)
    assert take(x.resolve_neg()).tolist() == [-2, 4]


def test_keywords_in(balance):
    x = grid()
    assert tb.from_dlpack(x, device="cpu").ptr == tb.from_dlpack(x, copy=False).ptr == x.data_ptr()
    copied = tb.from_dlpack(x, device="cpu", copy=True)
    assert copied.ptr != x.data_ptr() and copied.tolist() == x.tolist() and not copied.readonly
    with pytest.raises((BufferError, ValueError, RuntimeError, AssertionError)):
        tb.from_dlpack(x, device="cuda")


def test_capsules_of_both_ages_in(balance):
    x = grid()
    versioned, legacy = tb.from_dlpack(x.__dlpack__(max_version=(1, 0))), tb.from_dlpack(x.__dlpack__())
    assert versioned.ptr == legacy.ptr == x.data_ptr()
    assert legacy.readonly and not versioned.readonly
    assert tb.from_dlpack(torch.utils.dlpack.to_dlpack(x)).ptr == x.data_ptr()


def test_storage_lives_as_long_as_a_view_of_ours(balance):
    class Kept(torch.Tensor):
        pass

    x = grid().as_subclass(Kept)
    t = tb.from_dlpack(x)
    values = x.tolist()
    del x
    gc.collect()
    view = t[1:]
    del t
    assert view.tolist() == values[1:]
    del view


# ---- us to PyTorch -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES, ids=name_of)
def test_types_out(dtype, balance):
    size = torch.zeros(1, dtype=dtype).element_size()
    t = tb.frombuffer(bytearray(b"\x01" * (6 * size)), f"<V{size}").view(name_of(dtype)).reshape((2, 3))
    x = torch.from_dlpack(t)
    assert x.data_ptr() == t.ptr and x.dtype == dtype and tuple(x.shape) == (2, 3)
    assert bytes(x.contiguous().view(torch.uint8).flatten().tolist()) == t.tobytes()


@pytest.mark.parametrize(
    "cut", [lambda t: t, lambda t: t.T, lambda t: t[:, ::2], lambda t: t[1], lambda t: t[1, 2, ...], lambda t: t[:0], lambda t: t[:, None]]
)
def test_views_out(cut, balance):
    t = cut(ours())
    x = torch.from_dlpack(t)
    assert tuple(x.shape) == t.shape and x.tolist() == t.tolist()
    if t.size:
        assert x.data_ptr() == t.ptr
        assert all(a == b for a, b, n in zip(t.strides, byte_strides(x), t.shape) if n > 1)


def test_written_there_is_seen_here(balance):
    t = ours()
    x = torch.from_dlpack(t)
    x[0] = 7
    x.t()[1].add_(100)
    assert t.tolist() == [[7, 107, 7, 7], [4, 105, 6, 7], [8, 109, 10, 11]]
    fill(t[2], 1)
    assert x[2].tolist() == [1] * 4


def test_negative_strides_are_torchs_to_refuse(balance):
    t = ours()[::-1]
    with pytest.raises((ValueError, RuntimeError, BufferError), match="(?i)negative|stride"):
        torch.from_dlpack(t)
    assert torch.from_dlpack(t.copy()).tolist() == t.tolist()


def test_read_only_out(balance):
    """PyTorch knows no read-only tensors: it takes the memory all the same, and versioned only."""
    t = tb.asarray(b"abcd")
    assert torch.from_dlpack(t).data_ptr() == t.ptr
    with pytest.raises(BufferError, match="read-only"):
        t.__dlpack__()


def test_types_that_torch_lacks(balance):
    for dtype in ("float8_e3m4", "float8_e4m3b11fnuz"):
        t = tb.frombuffer(bytearray(4), "|V1").view(dtype)
        with pytest.raises((BufferError, RuntimeError, TypeError), match="(?i)dtype|type|unsupported"):
            torch.from_dlpack(t)


def test_keywords_out(balance):
    t = ours()
    assert torch.from_dlpack(t, device="cpu").data_ptr() == torch.from_dlpack(t, copy=False).data_ptr() == t.ptr
    copied = torch.from_dlpack(t, copy=True)
    assert copied.data_ptr() != t.ptr and copied.tolist() == t.tolist()
    capsule = t.__dlpack__()
    assert torch.from_dlpack(capsule).data_ptr() == t.ptr
    with pytest.raises(Exception, match="(?i)capsule|consumed|once"):
        torch.from_dlpack(capsule)


def test_each_import_holds_the_memory_alone(balance):
    t = ours()
    x, y = torch.from_dlpack(t), torch.from_dlpack(t)
    part = x[1:]
    del t, x
    gc.collect()
    assert part.tolist() == ours()[1:].tolist() and y.sum() == 66


# ---- three of them -------------------------------------------------------------------------------------------


def test_around_the_circle(balance):
    x = grid()
    t = tb.asarray(x)
    a = np.asarray(t)
    back = torch.from_dlpack(tb.from_dlpack(np.from_dlpack(t) if np.from_dlpack(t).flags.writeable else a))
    again = torch.from_numpy(a)
    assert back.data_ptr() == again.data_ptr() == t.ptr == x.data_ptr()
    a[0] = 5
    assert back[0].tolist() == x[0].tolist() == t[0].tolist() == [5] * 4


# ---- exchange tables -----------------------------------------------------------------------------------------

EXPORT = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
Table = ctypes.c_void_p * 7

has_table = pytest.mark.skipif(not hasattr(torch.Tensor, "__dlpack_c_exchange_api__"), reason="this PyTorch has no exchange table")


@pytest.fixture
def counted():
    """A class of tensors behind PyTorch's own table, whose export counts its calls."""
    table = Table.from_address(capsule_pointer(torch.Tensor.__dlpack_c_exchange_api__, b"dlpack_exchange_api"))
    original = EXPORT(table[3])
    calls = []

    def export(object, out):
        calls.append(object)
        return original(object, out)

    export = EXPORT(export)
    copy = Table(*table)
    copy[3] = ctypes.cast(export, ctypes.c_void_p).value
    capsule = new_capsule(ctypes.addressof(copy), b"dlpack_exchange_api", None)

    class Counted(torch.Tensor):
        __dlpack_c_exchange_api__ = capsule
        calls_of_the_table = calls
        keep = export, copy

        def __dlpack__(self, *arguments, **keywords):
            calls.append("__dlpack__")
            return super().__dlpack__(*arguments, **keywords)

    return Counted


@has_table
@TAKE
def test_the_table_of_torch_is_used(take, counted, balance):
    x = grid().as_subclass(counted)
    t = take(x)
    assert t.ptr == x.data_ptr() and counted.calls_of_the_table == [id(x)]


@has_table
def test_the_method_speaks_where_the_table_would_mislead(counted, balance):
    calls = counted.calls_of_the_table
    with pytest.raises(BufferError, match="require gradient"):
        tb.from_dlpack(grid().as_subclass(counted).requires_grad_())
    assert calls == ["__dlpack__"]  # the table was not even asked
    calls.clear()
    tb.from_dlpack(grid().as_subclass(counted), copy=False)
    assert "__dlpack__" not in calls


@has_table
def test_the_tables_of_both_sides_understand_each_other(balance):
    """PyTorch itself goes through __dlpack__; its table takes what ours gives, and the other way round."""
    mine = Table.from_address(capsule_pointer(tb.Tensor.__dlpack_c_exchange_api__, b"dlpack_exchange_api"))
    theirs = Table.from_address(capsule_pointer(torch.Tensor.__dlpack_c_exchange_api__, b"dlpack_exchange_api"))
    out_of = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.POINTER(ctypes.c_void_p))
    into = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))

    def pass_on(source, target, object):
        struct, result = ctypes.c_void_p(), ctypes.c_void_p()
        assert out_of(source[3])(object, struct) == 0
        assert into(target[4])(struct, result) == 0
        made = ctypes.cast(result, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(made))
        return made

    t = ours()
    x = pass_on(mine, theirs, t)
    assert type(x) is torch.Tensor and x.data_ptr() == t.ptr and x.tolist() == t.tolist()
    again = pass_on(theirs, mine, x)
    assert type(again) is tb.Tensor and again.ptr == t.ptr
    del t, x
    assert again.tolist() == ours().tolist()
