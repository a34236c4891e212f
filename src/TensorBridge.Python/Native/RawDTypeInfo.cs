using System.Runtime.InteropServices;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_dtype_info</c>: how exporters spell an element type. Texts are never freed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawDTypeInfo
{
    /// <summary>Bytes of one element.</summary>
    public long ItemSize;

    /// <summary>The typestr of the array interface.</summary>
    public byte* TypeString;

    /// <summary>The PEP 3118 format, or NULL.</summary>
    public byte* Format;

    /// <summary>The descr of a record as a Python literal, or NULL.</summary>
    public byte* Description;

    /// <summary>NumPy's name.</summary>
    public byte* Name;

    /// <summary>DLPack's code, or -1.</summary>
    public int DLPackCode;

    /// <summary>DLPack's bits.</summary>
    public int DLPackBits;

    /// <summary>DLPack's lanes.</summary>
    public int DLPackLanes;

    /// <summary>The kind character for the array struct, or 0.</summary>
    public int StructKind;

    /// <summary>Nonzero: not in this machine's byte order.</summary>
    public int Swapped;

    /// <summary>Flags that a versioned DLPack struct of this type carries.</summary>
    public int DLPackFlags;
}
