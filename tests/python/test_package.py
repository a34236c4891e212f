"""The package as its users and their tools see it: names, docstrings, stubs, version."""

import ast
import inspect
import os
import re
import types

import pytest

import tensorbridge as tb

FOLDER = os.path.dirname(tb.__file__)
tb._core.start()
PUBLIC = [name for name in dir(tb) if not name.startswith("_") and not isinstance(getattr(tb, name), types.ModuleType)]
CLASSES = [tb.Tensor, tb._core.TensorBase, tb.DType, tb.Descriptor, tb.Kernel, tb.KernelInfo, tb.KernelModule]


def stub(module):
    with open(os.path.join(FOLDER, module + ".pyi")) as file:
        return ast.parse(file.read())


def entry(name, module="__init__"):
    """The definition of a name in a stub, followed through imports; None when there is none."""
    for node in stub(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
        if isinstance(node, ast.AnnAssign) and node.target.id == name:
            return node
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return entry(alias.name, node.module)
    return None


def members(node):
    return {item.name if isinstance(item, ast.FunctionDef) else item.target.id: item for item in node.body if isinstance(item, (ast.FunctionDef, ast.AnnAssign))}


def parameters_of(node):
    """(name, kind, default) of a stub's parameters, as inspect has them; without self."""
    arguments = node.args
    kinds = inspect.Parameter
    plain = [(argument, kinds.POSITIONAL_ONLY) for argument in arguments.posonlyargs] + [(argument, kinds.POSITIONAL_OR_KEYWORD) for argument in arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
    found = [(argument.arg, kind, default) for (argument, kind), default in zip(plain, defaults)]
    if arguments.vararg:
        found.append((arguments.vararg.arg, kinds.VAR_POSITIONAL, None))
    found += [(argument.arg, kinds.KEYWORD_ONLY, default) for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    found = [(name, kind, inspect.Parameter.empty if default is None else ast.literal_eval(default)) for name, kind, default in found]
    return [parameter for parameter in found if parameter[0] not in ("self", "cls")]


def parameters(function):
    signature = inspect.signature(function)
    found = [(parameter.name, parameter.kind, parameter.default) for parameter in signature.parameters.values()]
    return [parameter for parameter in found if parameter[0] not in ("self", "cls")]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_a_docstring_and_a_stub(name):
    value = getattr(tb, name)
    assert (value.__doc__ or "").strip(), "no docstring"
    node = entry(name)
    assert node is not None, "no stub"
    if isinstance(value, type):
        assert isinstance(node, ast.ClassDef)
    else:
        assert parameters_of(node) == parameters(value)


@pytest.mark.parametrize("name", [name for name in PUBLIC if not isinstance(getattr(tb, name), type)])
def test_docstrings_are_sentences(name):
    doc = inspect.getdoc(getattr(tb, name))
    first = doc.split("\n")[0]
    assert first[0].isupper() and len(doc) > 40
    assert re.search(r"[.:]$", first) or "\n" in doc


@pytest.mark.parametrize("owner", CLASSES, ids=lambda owner: owner.__name__)
def test_members_match_their_stubs(owner):
    module = owner.__module__.rsplit(".", 1)[1]
    stubbed = members(entry(owner.__name__, module))
    own = {name: value for name, value in vars(owner).items() if not name.startswith("_")}
    for name, value in own.items():
        assert name in stubbed, f"{name} has no stub"
        if callable(value) and not isinstance(value, type):
            assert (value.__doc__ or "").strip(), f"{name} has no docstring"
            assert parameters_of(stubbed[name]) == parameters(value), name
        elif isinstance(value, (property, types.GetSetDescriptorType)):
            assert (value.__doc__ or "").strip(), f"{name} has no docstring"
    for name in stubbed:
        assert hasattr(owner, name) or name in ("__buffer__", *getattr(owner, "__annotations__", {})), f"the stub has {name}, the class does not"


def test_stub_has_nothing_that_the_package_lacks():
    for node in stub("__init__").body:
        if isinstance(node, ast.FunctionDef):
            assert callable(getattr(tb, node.name))
    for node in stub("_core").body:
        if isinstance(node, ast.FunctionDef):
            assert callable(getattr(tb._core, node.name))
            if getattr(tb._core, node.name).__text_signature__:
                assert parameters_of(node) == parameters(getattr(tb._core, node.name))


def test_package_is_marked_as_typed():
    assert os.path.exists(os.path.join(FOLDER, "py.typed"))


def test_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?(\.dev\d+)?", tb.__version__)
    assembly = open(os.path.join(FOLDER, "managed", "TensorBridge.Python.dll"), "rb").read()
    core = tb.__version__.split("a")[0].split("b")[0].split("rc")[0].split(".dev")[0]
    assert core.encode("utf-16-le") in assembly or core.encode() in assembly


def test_all_and_dir_agree():
    assert set(tb.__all__) <= set(dir(tb))
    assert {"copyto", "zeros", "full", "array_equal", "allclose", "broadcast_to", "explain"} <= set(dir(tb))
    with pytest.raises(AttributeError, match="no_such_name"):
        tb.no_such_name


def test_help_reads_well(capsys):
    help(tb.copyto)
    assert "copyto(dst, src, casting='same_kind', *, progress=None, stream=None)" in capsys.readouterr().out
    help(tb.Tensor)
    text = capsys.readouterr().out
    assert "Indexing with integers, slices" in text and "Gives this tensor's claim" in text


# ---- describe ----------------------------------------------------------------------------------------------

NOWHERE = 0x7F00DEAD0000


def test_describe_a_bare_dictionary():
    description = tb.describe({"data": (NOWHERE, True), "shape": (3, 4), "strides": (8, 24), "typestr": "<f8", "version": 3})
    assert repr(description) == f"tensor[float64, (3, 4), cpu, strides (8, 24), read-only] at 0x{NOWHERE:x}"
    assert (description.ndim, description.size, description.itemsize, description.nbytes) == (2, 12, 8, 96)
    assert description.f_contiguous and not description.c_contiguous and description.dtype == "float64"
    assert description == tb.describe(str({"data": (NOWHERE, True), "shape": (3, 4), "strides": (8, 24), "typestr": "<f8"}))


class OnDevice:
    def __init__(self, **changes):
        self.__cuda_array_interface__ = {"data": (NOWHERE, False), "shape": (2, 3), "typestr": "<f4", "version": 3, "stream": 7, **changes}


def test_describe_device_memory_without_a_device():
    description = tb.describe(OnDevice())
    assert repr(description) == f"tensor[float32, (2, 3), cuda:0, stream 7] at 0x{NOWHERE:x}" and description.stream == 7
    assert tb.describe(OnDevice().__cuda_array_interface__, via="cuda_array_interface") == description


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (ValueError, {"stream": 0}, "stream"),
        (ValueError, {"shape": (2, -3)}, "shape"),
        (TypeError, {"typestr": "<f3"}, "typestr"),
        (OverflowError, {"shape": (1 << 70, 2)}, str(1 << 70)),
        (ValueError, {"mask": b"1"}, "mask"),
    ],
)
def test_describe_validates(error, changes, message):
    with pytest.raises(error, match=re.escape(message)):
        tb.describe(OnDevice(**changes))


def test_describe_claims_nothing(balance):
    import weakref

    class Producer(bytearray):
        pass

    producer = Producer(b"abcd")
    died = weakref.ref(producer)
    description = tb.describe(producer)
    del producer
    assert died() is None and description.shape == (4,)
    tensor = tb.zeros((2, 2))
    assert tb.describe(tensor).ptr == tensor.ptr and not tensor.released


# ---- show --------------------------------------------------------------------------------------------------


def read_png(path):
    """(height, width, palette, rows) of a PNG as show writes it, with every checksum checked."""
    import struct
    import zlib

    data = open(path, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (8, 3) and list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    pixels = zlib.decompress(chunks[b"IDAT"])
    assert len(pixels) == height * (width + 1)
    rows = [pixels[i * (width + 1) + 1 : (i + 1) * (width + 1)] for i in range(height)]
    palette = [tuple(chunks[b"PLTE"][i : i + 3]) for i in range(0, 768, 3)]
    return height, width, palette, rows


def test_show_small(tmp_path):
    np = pytest.importorskip("numpy")
    path = tmp_path / "small.png"
    assert tb.show(np.array([[0.0, 1.0], [np.nan, 2.0]]), path) == (0.0, 2.0)
    height, width, _, rows = read_png(path)
    assert (height, width) == (512, 512)
    assert (rows[0][0], rows[0][-1], rows[-1][0], rows[-1][-1]) == (0, 127, 255, 254)


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", ">f4", "f2", "c16"])
def test_show_types_and_views(dtype, tmp_path):
    np = pytest.importorskip("numpy")
    matrix = (np.arange(3000 * 5).reshape(3000, 5) % 120).astype(dtype)[::-1, ::2]
    low, high = tb.show(matrix, str(tmp_path / "view.png"), low=0)
    height, width, _, rows = read_png(tmp_path / "view.png")
    assert (height, width) == (1024, 3) and low == 0 and high > 0 and len(set(b"".join(rows))) >= 2


def test_colours_grow_in_lightness(tmp_path):
    tb.show(tb.zeros((1, 1)), tmp_path / "one.png")
    _, _, palette, _ = read_png(tmp_path / "one.png")
    luminance = [0.2126 * r**2.2 + 0.7152 * g**2.2 + 0.0722 * b**2.2 for r, g, b in palette[:255]]
    assert len(set(palette)) > 240 and luminance[254] > 20 * luminance[0]
    assert all(later > 0.97 * earlier for earlier, later in zip(luminance, luminance[1:]))


def test_show_refuses(tmp_path):
    path = tmp_path / "none.png"
    for error, x in [(ValueError, tb.zeros(3)), (ValueError, tb.zeros((0, 3))), (TypeError, tb.zeros((2, 2), "S3")), (TypeError, "text")]:
        with pytest.raises(error):
            tb.show(x, path)
    assert not path.exists()
    with pytest.raises(OSError):
        tb.show(tb.zeros((2, 2)), tmp_path / "no folder" / "x.png")
