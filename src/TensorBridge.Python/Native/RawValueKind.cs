namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_value_kind</c>.</summary>
internal enum RawValueKind
{
    /// <summary><c>None</c>.</summary>
    None = 0,

    /// <summary>A Boolean in <see cref="RawValue.Integer"/>.</summary>
    Boolean = 1,

    /// <summary>An integer of 64 bits.</summary>
    Integer = 2,

    /// <summary>An integer beyond 64 bits, as decimal text.</summary>
    BigInteger = 3,

    /// <summary>A float in <see cref="RawValue.Real"/>.</summary>
    Float = 4,

    /// <summary>A complex number in <see cref="RawValue.Real"/> and <see cref="RawValue.Imaginary"/>.</summary>
    Complex = 5,

    /// <summary>UTF-8 text.</summary>
    String = 6,

    /// <summary>Bytes.</summary>
    Bytes = 7,

    /// <summary>A list of values.</summary>
    List = 8,

    /// <summary>A tuple of values.</summary>
    Tuple = 9,

    /// <summary>A dictionary or other literal as Python text.</summary>
    Literal = 10,

    /// <summary>A block.</summary>
    Tensor = 11,

    /// <summary>A <c>PyObject*</c>.</summary>
    Object = 12,

    /// <summary>Key, value, key, value …; results only.</summary>
    Dictionary = 13,

    /// <summary>Start, stop, step.</summary>
    Slice = 14,

    /// <summary><c>...</c>.</summary>
    Ellipsis = 15,
}
