"""The Tensor and DType types: what is written in Python on top of the native base."""

from . import _core

_operations = None


def _operation(name):
    global _operations
    if _operations is None:
        _operations = _core.operations()
    return _operations[name]


class DType:
    """An element type. Equal to every spelling of it: a typestr, a NumPy name, a numpy.dtype, a scalar type."""

    __slots__ = ("typestr", "name", "itemsize", "descr")

    def __init__(self, typestr, name, itemsize, descr):
        object.__setattr__(self, "typestr", typestr)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "itemsize", itemsize)
        object.__setattr__(self, "descr", descr)

    def __setattr__(self, name, value):
        raise AttributeError("a DType cannot be changed")

    @property
    def str(self):
        """The typestr, under the name that numpy.dtype has for it."""
        return self.typestr

    @property
    def kind(self):
        """The kind character: 'f', 'i', 'u', 'b', 'c', 'M', 'm', 'S', 'U' or 'V'."""
        return self.typestr[1]

    @property
    def byteorder(self):
        """'<', '>' or '|'."""
        return self.typestr[0]

    @property
    def names(self):
        """The field names of a record, else None."""
        fields = tuple(field[0][1] if isinstance(field[0], tuple) else field[0] for field in self.descr if field[0])
        return fields or None

    def _key(self):
        return (self.typestr, self.name, repr(self.descr))

    def __eq__(self, other):
        if isinstance(other, DType):
            return self._key() == other._key()
        if other is None:
            return NotImplemented
        fields = getattr(other, "descr", None)
        if self.names and fields is not None:
            return self.typestr == getattr(other, "str", None) and self.descr == fields
        try:
            text = _operation("_typestr")(other)
        except TypeError:
            return NotImplemented
        return not self.names and text == self.typestr

    def __hash__(self):
        return hash(self.typestr)

    def __str__(self):
        return self.name if self.typestr[0] != ">" else self.typestr

    def __repr__(self):
        return f"dtype({str(self)!r})" if not self.names else f"dtype({self.descr!r})"


_dtypes = {}


def _dtype_of(tensor):
    key = (tensor.typestr, tensor._dtype_name)
    known = _dtypes.get(key)
    if known is None:
        known = DType(tensor.typestr, tensor._dtype_name, tensor.itemsize, tensor._descr)
        if known.typestr[1] != "V":
            _dtypes[key] = known
    return known


def dtype(spelling):
    """The DType of any spelling: dtype('<f4'), dtype('float32'), dtype(numpy.float32), dtype(float)."""
    if isinstance(spelling, DType):
        return spelling
    # A zero-sized view tells all there is to know about the type.
    return _dtype_of(_core.from_pointer(0, spelling, (0,)))


def _nest(values, shape):
    if not shape:
        return values[0]
    if 0 in shape:
        return [] if shape[0] == 0 else [_nest(values, shape[1:]) for _ in range(shape[0])]
    for length in reversed(shape[1:]):
        values = [values[i : i + length] for i in range(0, len(values), length)]
    return values


class Tensor(_core.TensorBase):
    """Memory described by shape, byte strides, element type and device.

    A tensor owns nothing but a claim on its producer, which is released when the last tensor, array or capsule made
    from it is gone. NumPy and every other library read it through the buffer protocol, DLPack, __array_interface__,
    __array_struct__ or __cuda_array_interface__.
    """

    __slots__ = ()

    @property
    def dtype(self):
        """The element type; prints and compares as NumPy spells it."""
        return _dtype_of(self)

    def item(self, *index):
        """One element as a Python value: of a tensor with one element, by a flat position, or by one index per axis."""
        return _operation("_item")(self, None if not index else index[0] if len(index) == 1 else index)

    def tobytes(self, order="C"):
        """The bytes of all elements in C (or 'F') order, in the tensor's own byte order."""
        return _operation("tobytes")(self, order)

    def tolist(self):
        """Nested lists of Python values; a single value for a tensor without axes."""
        try:
            return memoryview(self).tolist()
        except (NotImplementedError, BufferError):
            return _nest(_operation("_values")(self), self.shape)

    def copy(self, order="C"):
        """A dense copy in memory of its own."""
        return _operation("copy")(self, order)

    def astype(self, dtype, order="K", casting="unsafe", copy=True):
        """The tensor with another element type."""
        return _operation("astype")(self, dtype, order, casting, copy)

    @property
    def T(self):
        """A view with the axes reversed."""
        return _operation("transpose")(self)

    def transpose(self, *axes):
        """A view with the axes in another order."""
        return _operation("transpose")(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None)

    def reshape(self, *shape):
        """A view of another shape; ValueError where that would need a copy."""
        return _operation("reshape")(self, shape[0] if len(shape) == 1 else shape)

    def squeeze(self, axis=None):
        """A view without axes of length 1."""
        return _operation("squeeze")(self, axis)

    def view(self, dtype):
        """The same bytes seen as elements of another type."""
        return _operation("view")(self, dtype)

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a tensor without axes")
        return (self[i] for i in range(self.shape[0]))

    def __getitem__(self, key):
        return _operation("_getitem")(self, key)

    def __repr__(self):
        return _operation("_repr")(self)

    def _single(self, what):
        if self.size != 1:
            raise TypeError(f"only a tensor with one element can be converted to {what}, this one has {self.size}")
        return self.item()

    def __float__(self):
        return float(self._single("float"))

    def __int__(self):
        return int(self._single("int"))

    def __complex__(self):
        return complex(self._single("complex"))

    def __index__(self):
        if self.ndim != 0 or self.dtype.kind not in "iu":
            raise TypeError("only an integer tensor without axes can be used as an index")
        return self.item()

    def __bool__(self):
        if self.size == 1:
            return bool(self.item())
        raise ValueError(f"the truth of a tensor with {self.size} elements is ambiguous")

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("len() of a tensor without axes")
        return self.shape[0]

    def __reduce__(self):
        raise TypeError("a Tensor is a claim on memory of this process and cannot be pickled; save it with numpy.save")


_core.set_tensor_type(Tensor)
