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
