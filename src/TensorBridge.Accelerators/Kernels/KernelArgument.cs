using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>One argument of a launch: a tensor, a number, or a struct. Converts implicitly from each of them.</summary>
public readonly struct KernelArgument
{
    private readonly object? _object;
    private readonly ulong _low;
    private readonly ulong _high;

    private KernelArgument(KernelArgumentKind kind, object? value, ulong low = 0, ulong high = 0)
    {
        Kind = kind;
        _object = value;
        _low = low;
        _high = high;
    }

    /// <summary>What the argument is.</summary>
    public KernelArgumentKind Kind { get; }

    /// <summary>The tensor, or null.</summary>
    public TensorHandle? Tensor => Kind == KernelArgumentKind.Tensor ? Unsafe.As<TensorHandle>(_object) : null;

    internal object? Boxed => _object;

    internal Int128 Integer => new(_high, _low);

    internal double Real => BitConverter.UInt64BitsToDouble(_low);

    internal bool Boolean => _low != 0;

    internal Complex Complex => new(BitConverter.UInt64BitsToDouble(_low), BitConverter.UInt64BitsToDouble(_high));

    /// <summary>A tensor. The launch borrows it.</summary>
    public static implicit operator KernelArgument(TensorHandle tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(KernelArgumentKind.Tensor, tensor);
    }

    /// <summary>A whole number.</summary>
    public static implicit operator KernelArgument(int value) => FromInteger(value);

    /// <summary>A whole number.</summary>
    public static implicit operator KernelArgument(long value) => FromInteger(value);

    /// <summary>A whole number.</summary>
    public static implicit operator KernelArgument(ulong value) => FromInteger(value);

    /// <summary>A real number.</summary>
    public static implicit operator KernelArgument(float value) => FromReal(value);

    /// <summary>A real number.</summary>
    public static implicit operator KernelArgument(double value) => FromReal(value);

    /// <summary>True or false.</summary>
    public static implicit operator KernelArgument(bool value) => new(KernelArgumentKind.Boolean, null, value ? 1UL : 0);

    /// <summary>A complex number.</summary>
    public static implicit operator KernelArgument(Complex value) =>
        new(KernelArgumentKind.Complex, null, BitConverter.DoubleToUInt64Bits(value.Real), BitConverter.DoubleToUInt64Bits(value.Imaginary));

    /// <summary>Text.</summary>
    public static implicit operator KernelArgument(string value) => new(KernelArgumentKind.Text, value);

    /// <summary>A whole number of any width up to 128 bits.</summary>
    public static KernelArgument FromInteger(Int128 value) =>
        new(KernelArgumentKind.Integer, null, (ulong)value, (ulong)(value >> 64));

    /// <summary>A real number.</summary>
    public static KernelArgument FromReal(double value) =>
        new(KernelArgumentKind.Real, null, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A struct, for a parameter of exactly this type.</summary>
    public static KernelArgument FromStruct<T>(T value)
        where T : unmanaged => new(KernelArgumentKind.Struct, value);

    /// <summary>The argument in the form that errors use: <c>tensor[float32, (3,), cpu]</c>, <c>int 3</c>, <c>float 2.5</c>.</summary>
    public override string ToString() => Kind switch
    {
        KernelArgumentKind.Tensor => Tensor!.ToString(),
        KernelArgumentKind.Integer => $"int {Integer}",
        KernelArgumentKind.Real => string.Create(CultureInfo.InvariantCulture, $"float {Real}"),
        KernelArgumentKind.Boolean => $"bool {Boolean}",
        KernelArgumentKind.Complex => string.Create(CultureInfo.InvariantCulture, $"complex {Complex.Real}{Complex.Imaginary:+0.###;-0.###}j"),
        KernelArgumentKind.Struct => _object!.GetType().Name,
        KernelArgumentKind.Text => $"str '{_object}'",
        _ => "None",
    };
}
