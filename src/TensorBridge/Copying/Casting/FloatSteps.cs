using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying;

/// <summary><c>float</c> to <c>double</c>, exact.</summary>
internal readonly unsafe struct WidenFloat32 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load((float*)source));
        low.Store((double*)destination);
        high.Store((double*)destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (double)Unsafe.ReadUnaligned<float>(source));
}

/// <summary><c>double</c> to <c>float</c>, to nearest even.</summary>
internal readonly unsafe struct NarrowFloat64 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<double> low = Vector256.Load((double*)source);
        Vector256<double> high = Vector256.Load((double*)source + 4);
        Vector256.Narrow(low, high).Store((float*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (float)Unsafe.ReadUnaligned<double>(source));
}

/// <summary><c>double</c> to <c>float</c>, rounded to odd: a further rounding to binary16 is then as exact as a single one.</summary>
/// <remarks>The mantissa is cut to 24 bits and its last bit set wherever something was lost. Below binary32's normal range that is not exact, but there binary16 is zero.</remarks>
internal readonly unsafe struct NarrowFloat64ToOdd : IElementStep
{
    private const ulong Lost = 0x1FFFFFFF;

    public static int BlockItems => 8;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<double> low = Odd(Vector256.Load((ulong*)source)).AsDouble();
        Vector256<double> high = Odd(Vector256.Load((ulong*)source + 4)).AsDouble();
        Vector256.Narrow(low, high).Store((float*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination)
    {
        ulong bits = Unsafe.ReadUnaligned<ulong>(source);
        ulong odd = (bits & ~Lost) | (((bits & Lost) + Lost) & (Lost + 1));
        Unsafe.WriteUnaligned(destination, (float)BitConverter.UInt64BitsToDouble(odd));
    }

    /// <summary>The sum carries into the last kept bit exactly when a lost bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Odd(Vector256<ulong> bits)
    {
        Vector256<ulong> lost = Vector256.Create(Lost);
        return (bits & ~lost) | (((bits & lost) + lost) & Vector256.Create(Lost + 1));
    }
}

/// <summary>bfloat16 to <c>float</c>, exact.</summary>
internal readonly unsafe struct BFloat16ToFloat32 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 2;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load((ushort*)source));
        (low << 16).Store((uint*)destination);
        (high << 16).Store((uint*)destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (uint)Unsafe.ReadUnaligned<ushort>(source) << 16);
}

/// <summary><c>float</c> to bfloat16, to nearest even; NaN stays NaN.</summary>
internal readonly unsafe struct Float32ToBFloat16 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 4;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<uint> low = Round(Vector256.Load((float*)source));
        Vector256<uint> high = Round(Vector256.Load((float*)source + 8));
        Vector256.Narrow(low, high).Store((ushort*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Truncation.ToBFloat16(Unsafe.ReadUnaligned<float>(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> even = bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One);
        Vector256<uint> isNumber = Vector256.Equals(value, value).AsUInt32();
        return Vector256.ConditionalSelect(isNumber, even >> 16, (bits >> 16) | Vector256.Create(0x40u));
    }
}

/// <summary>binary16 to <c>float</c>, exact: the exponent is rebiased by a multiplication, which normalises subnormal numbers on the way.</summary>
internal readonly unsafe struct Float16ToFloat32 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 2;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load((ushort*)source));
        Expand(low).Store((uint*)destination);
        Expand(high).Store((uint*)destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (float)Unsafe.ReadUnaligned<Half>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Expand(Vector256<uint> half)
    {
        Vector256<uint> magnitude = half & Vector256.Create(0x7FFFu);
        Vector256<uint> sign = (half ^ magnitude) << 16;
        Vector256<uint> number = ((magnitude << 13).AsSingle() * Vector256.Create(5.192296858534828e33f)).AsUInt32();
        Vector256<uint> special = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7BFF)).AsUInt32();
        return number | sign | (special & Vector256.Create(0x7F800000u));
    }
}

/// <summary><c>float</c> to binary16, to nearest even: adding a power of two that depends on the exponent makes the adder round at the right bit.</summary>
/// <remarks>The method of Marat Dukhan's FP16 library. NaN becomes a quiet NaN without payload.</remarks>
internal readonly unsafe struct Float32ToFloat16 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 4;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<uint> low = Round(Vector256.Load((float*)source));
        Vector256<uint> high = Round(Vector256.Load((float*)source + 8));
        Vector256.Narrow(low, high).Store((ushort*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (Half)Unsafe.ReadUnaligned<float>(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> magnitude = bits & Vector256.Create(0x7FFFFFFFu);
        // Up by 2^112 and down by 2^110: what overflows binary16 has become infinite.
        Vector256<float> scaled = magnitude.AsSingle() * Vector256.Create(5.192296858534828e33f) * Vector256.Create(7.703719777548943e-34f);
        Vector256<uint> exponent = Vector256.Max((bits << 1) & Vector256.Create(0xFF000000u), Vector256.Create(0x71000000u));
        Vector256<uint> rounded = (((exponent >> 1) + Vector256.Create(0x07800000u)).AsSingle() + scaled).AsUInt32();
        Vector256<uint> number = ((rounded >> 13) & Vector256.Create(0x7C00u)) + (rounded & Vector256.Create(0x0FFFu));
        Vector256<uint> isNaN = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7F800000)).AsUInt32();
        return Vector256.ConditionalSelect(isNaN, Vector256.Create(0x7E00u), number) | ((bits >> 16) & Vector256.Create(0x8000u));
    }
}
