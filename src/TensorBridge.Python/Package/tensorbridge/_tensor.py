"""The Tensor and DType types: what is written in Python on top of the native base."""

from . import _core, _values

_operations = None


def _operation(name):
    global _operations
    if _operations is None:
        _operations = _core.operations()
    return _operations[name]


class DType:
    """An element type. Equal to every spelling of it: a typestr, a NumPy name, a numpy.dtype, a scalar type.

    typestr and name spell it as NumPy does, itemsize is in bytes, descr lists the fields of a record as the array
    interface writes them. Immutable and hashable; made by dtype().
    """

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
    """The DType of any spelling: dtype('<f4'), dtype('float32'), dtype(numpy.float32), dtype(float).

    Raises TypeError where no element type is spelt so, or for one that cannot be imported (object, long double).
    """
    if isinstance(spelling, DType):
        return spelling
    # A zero-sized view tells all there is to know about the type.
    return _dtype_of(_core.from_pointer(0, spelling, (0,)))


class Tensor(_core.TensorBase):
    """Memory described by shape, byte strides, element type and device.

    A tensor owns nothing but a claim on its producer, which is released when the last tensor, array or capsule made
    from it is gone. NumPy and every other library read it through the buffer protocol, DLPack, __array_interface__,
    __array_struct__ or __cuda_array_interface__; numpy.asarray(t) shares the memory.

    Indexing with integers, slices, ..., None and field names gives a view of the same memory. An integer for every axis
    gives the element's value as Python has it, where NumPy gives a scalar: bool, int, float, complex, str, bytes,
    datetime, date or timedelta. An element that is a record, or lies on a device, comes as a tensor without axes; item()
    reads those too. Iteration goes along the first axis by the same rule.

    A tensor compares and hashes by identity; array_equal() and allclose() compare elements. There is no arithmetic: that
    is for NumPy, CuPy and kernels.

    Made by asarray(), empty() and the other functions, never by its own constructor.
    """

    __slots__ = ()

    # ---- element type and values

    @property
    def dtype(self):
        """The element type; prints and compares as NumPy spells it."""
        return _dtype_of(self)

    def item(self, *index):
        """One element as a Python value: of a tensor with one element, by a flat position, or by one index per axis.

        Raises IndexError out of bounds, ValueError without an index where there is more than one element.
        """
        value = _operation("_item")(self, None if not index else index[0] if len(index) == 1 else index)
        convert = _values.converter(self)
        return value if convert is None else convert(value)

    def tolist(self):
        """Nested lists of Python values, a single value for a tensor without axes; the values are those of NumPy's tolist.

        Records are tuples, with lists for their sub-arrays. Dates and durations are datetime, date or timedelta objects,
        ints (ticks) where those cannot say them (units finer than microseconds, years out of range, months), None for NaT.

        Waits for memory of a device. Raises RuntimeError for device memory that nothing here can read, TypeError for elements of less than a byte.
        """
        if self.typestr[1] in "biuf":
            try:
                return memoryview(self).tolist()
            except (NotImplementedError, BufferError):  # big-endian, 16-bit floats: no format of memoryview
                pass
        values = _operation("_values")(self)
        convert = _values.converter(self)
        if convert is not None:
            values = [convert(value) for value in values]
        return _values.nest(values, self.shape)

    def tobytes(self, order="C"):
        """The bytes of all elements in C (or 'F') order, in the tensor's own byte order. Waits for memory of a device."""
        return _operation("_tobytes")(self, order)

    # ---- copies

    def copy(self, order="C"):
        """A dense copy on the same device, in the order 'C', 'F' or 'K' (as the axes lie); see tensorbridge.copy."""
        return _operation("copy")(self, order)

    def to_device(self, device, *, stream=None):
        """The tensor in memory of 'cpu', 'cuda:0', 'cuda_host' or 'cuda_managed'; see tensorbridge.to_device."""
        return _operation("to_device")(self, device, stream=stream)

    def astype(self, dtype, order="K", casting="unsafe", copy=True):
        """The tensor with another element type; see tensorbridge.astype."""
        return _operation("astype")(self, dtype, order, casting, copy)

    def __copy__(self):
        """copy.copy: a copy of the memory, as NumPy's arrays have it."""
        return self.copy("K")

    def __deepcopy__(self, memo):
        """copy.deepcopy: a copy of the memory."""
        return self.copy("K")

    # ---- views

    @property
    def T(self):
        """A view with the axes reversed."""
        return _operation("transpose")(self)

    def transpose(self, *axes):
        """A view with the axes in another order: transpose(1, 0), transpose((1, 0)), or reversed without arguments.

        Raises ValueError where axes is no permutation.
        """
        return _operation("transpose")(self, _sizes(axes) if axes else None)

    def reshape(self, *shape):
        """A view of another shape, elements in C order; one length may be -1. reshape(2, 3) or reshape((2, 3)).

        Raises ValueError where the number of elements differs, or where the strides would need a copy: take
        ascontiguousarray() first.
        """
        return _operation("reshape")(self, _sizes(shape))

    def ravel(self):
        """A view with one axis, elements in C order. Raises ValueError where that needs a copy."""
        return _operation("reshape")(self, -1)

    def squeeze(self, axis=None):
        """A view without axes of length 1: all of them, or the axis or axes named."""
        return _operation("squeeze")(self, axis)

    def view(self, dtype):
        """The same bytes as elements of another type.

        Of the same size any layout will do; of another size the last axis must be dense and is divided anew. Raises
        ValueError otherwise.
        """
        return _operation("_view")(self, dtype)

    # ---- indexing

    def __getitem__(self, key):
        result = _operation("_getitem")(self, key)
        if isinstance(result, Tensor):
            return result
        convert = _values.converter(self)
        return result if convert is None else convert(result)

    def __setitem__(self, key, value):
        _operation("_setitem")(self, key, _values.ticks(value, self.typestr))

    def __len__(self):
        shape = self.shape
        if not shape:
            raise TypeError("len() of a tensor without axes")
        return shape[0]

    def __iter__(self):
        if self.ndim == 0:
            raise TypeError("iteration over a tensor without axes")
        return (self[i] for i in range(self.shape[0]))

    __contains__ = None  # Python would compare element by element; array_equal() and allclose() are the way

    # ---- text

    def __repr__(self):
        return "tensor(released)" if self.released else _operation("_repr")(self)

    def __str__(self):
        if self.released:
            return "tensor(released)"
        if self.ndim == 0 and (self.typestr[1] in "biuSU" or self.typestr[1:] in ("f8", "c16")):
            return str(self.item())
        return _operation("_str")(self)

    def _repr_html_(self):
        """What Jupyter shows: the facts as a line, the values below."""
        if self.released:
            return "<pre>tensor(released)</pre>"
        from html import escape  # only Jupyter needs it, and it takes as long to import as the rest

        return f"<div><code>{escape(_operation('_description')(self))}</code><pre>{escape(str(self))}</pre></div>"

    # ---- numbers

    def __float__(self):
        return float(self._single("float"))

    def __int__(self):
        return int(self._single("int"))

    def __complex__(self):
        return complex(self._single("complex"))

    def __index__(self):
        if self.ndim != 0 or self.typestr[1] not in "iu":
            raise TypeError("only an integer tensor without axes can be used as an index")
        return self.item()

    def __bool__(self):
        if self.size == 1:
            return bool(self.item())
        raise ValueError(f"the truth of a tensor with {self.size} elements is ambiguous")

    def _single(self, what):
        if self.size != 1:
            raise TypeError(f"only a tensor with one element can be converted to {what}, this one has {self.size}")
        return self.item()

    # ---- life

    def __enter__(self):
        if self.released:
            raise ValueError("the tensor was released")
        return self

    def __exit__(self, *error):
        self.release()

    def __reduce__(self):
        raise TypeError("a Tensor is a claim on memory of this process and cannot be pickled; save it with save_npy(), or send numpy.asarray(t)")


def _sizes(arguments):
    """transpose(1, 0) and transpose((1, 0)) alike."""
    return arguments[0] if len(arguments) == 1 else arguments


_core.set_tensor_type(Tensor)
