using System.Runtime.InteropServices;

namespace TensorBridge.Interop;

/// <summary>The mirror of <c>PyArrayInterface</c>, what an <c>__array_struct__</c> capsule points to; 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawArrayStruct
{
    /// <summary>Always 2.</summary>
    public int Two;

    /// <summary>The number of axes.</summary>
    public int Rank;

    /// <summary>The kind, as in a typestr.</summary>
    public byte TypeKind;

    /// <summary>Bytes of one element.</summary>
    public int ItemSize;

    /// <summary>Contiguity, byte order, writability.</summary>
    public RawArrayStructFlags Flags;

    /// <summary>The lengths; may be NULL for rank 0.</summary>
    public long* Shape;

    /// <summary>The byte strides; may be NULL for rank 0.</summary>
    public long* Strides;

    /// <summary>Element 0.</summary>
    public nuint Data;

    /// <summary>A Python object that is never looked at here.</summary>
    public nint Descr;
}
