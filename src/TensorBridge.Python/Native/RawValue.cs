using System.Runtime.InteropServices;
using TensorBridge.Interop;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_value</c>: an argument or the result of an operation; 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal unsafe struct RawValue
{
    /// <summary>Which of the fields is valid.</summary>
    [FieldOffset(0)]
    public RawValueKind Kind;

    /// <summary>The native side's own.</summary>
    [FieldOffset(4)]
    public int Reserved;

    /// <summary>An integer or a Boolean.</summary>
    [FieldOffset(8)]
    public long Integer;

    /// <summary>A float, or the real part.</summary>
    [FieldOffset(8)]
    public double Real;

    /// <summary>The imaginary part.</summary>
    [FieldOffset(16)]
    public double Imaginary;

    /// <summary>Text or bytes.</summary>
    [FieldOffset(8)]
    public byte* Text;

    /// <summary>Bytes of the text.</summary>
    [FieldOffset(16)]
    public long Length;

    /// <summary>The items of a sequence.</summary>
    [FieldOffset(8)]
    public RawValue* Items;

    /// <summary>How many items.</summary>
    [FieldOffset(16)]
    public long Count;

    /// <summary>The block of a tensor.</summary>
    [FieldOffset(8)]
    public nint Block;

    /// <summary>What the block describes.</summary>
    [FieldOffset(16)]
    public RawTensor* Tensor;

    /// <summary>A <c>PyObject*</c>.</summary>
    [FieldOffset(8)]
    public nint Object;

    /// <summary>The text or bytes as a span.</summary>
    public readonly ReadOnlySpan<byte> TextSpan => new(Text, checked((int)Length));

    /// <summary>The items as a span.</summary>
    public readonly ReadOnlySpan<RawValue> ItemSpan => new(Items, checked((int)Count));
}
