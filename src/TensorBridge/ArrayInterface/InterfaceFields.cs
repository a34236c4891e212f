namespace TensorBridge.Protocols;

/// <summary>
/// The values of an array interface dictionary, types checked, values not: what the two readers hand to
/// <see cref="InterfaceRules"/>.
/// </summary>
/// <param name="shape">Room for <see cref="LayoutMath.MaxRank"/> lengths.</param>
/// <param name="strides">Room for as many byte strides.</param>
internal ref struct InterfaceFields(Span<long> shape, Span<long> strides)
{
    /// <summary>Room for the lengths; the first <see cref="Rank"/> are set.</summary>
    public readonly Span<long> Shape = shape;

    /// <summary>Room for the strides; the first <see cref="StrideCount"/> are set.</summary>
    public readonly Span<long> Strides = strides;

    /// <summary>The element type that <c>typestr</c> names, or null when the key is missing.</summary>
    public DType? Type;

    /// <summary>The value of <c>descr</c> where it says more than the typestr, else null.</summary>
    public object? Description;

    /// <summary>True when <c>shape</c> was given.</summary>
    public bool HasShape;

    /// <summary>True when <c>strides</c> was given and not None.</summary>
    public bool HasStrides;

    /// <summary>True when <c>offset</c> was given.</summary>
    public bool HasOffset;

    /// <summary>True when <c>stream</c> was given and not None.</summary>
    public bool HasStream;

    /// <summary>True when lists may stand for tuples.</summary>
    public bool ListsAllowed;

    /// <summary>True for a pointer or buffer that may not be written.</summary>
    public bool IsReadOnly;

    /// <summary>The form of <c>data</c>.</summary>
    public InterfaceData Data;

    /// <summary>Entries of <c>shape</c>.</summary>
    public int Rank;

    /// <summary>Entries of <c>strides</c>.</summary>
    public int StrideCount;

    /// <summary>The pointer, or the first byte of the buffer.</summary>
    public ulong Address;

    /// <summary>Bytes of the buffer.</summary>
    public long BufferLength;

    /// <summary>The value of <c>offset</c>, bytes.</summary>
    public long Offset;

    /// <summary>The value of <c>stream</c>.</summary>
    public ulong Stream;
}
