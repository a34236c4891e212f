using System.Runtime.InteropServices;

namespace TensorBridge.Interop;

/// <summary>The mirror of <c>Py_buffer</c>, 80 bytes; only its exporter may fill it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawBuffer
{
    /// <summary>Element 0.</summary>
    public nuint Buf;

    /// <summary>The exporting object.</summary>
    public nint Obj;

    /// <summary>Bytes of all elements together.</summary>
    public long Len;

    /// <summary>Bytes of one element.</summary>
    public long ItemSize;

    /// <summary>Nonzero when writing is forbidden.</summary>
    public int ReadOnly;

    /// <summary>The number of axes.</summary>
    public int Rank;

    /// <summary>The format, ASCII, zero terminated; NULL means <c>B</c>.</summary>
    public byte* Format;

    /// <summary>The lengths; NULL where they were not asked for.</summary>
    public long* Shape;

    /// <summary>The byte strides; NULL for C order.</summary>
    public long* Strides;

    /// <summary>NULL, or one offset behind a pointer per axis, negative where there is no pointer.</summary>
    public long* Suboffsets;

    /// <summary>The exporter's own.</summary>
    public nint Internal;
}
