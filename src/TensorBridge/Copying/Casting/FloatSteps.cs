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
internal readonly unsafe struct NarrowFloat64ToOdd : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Odd(Vector256.Load((double*)source)).Store((float*)destination);
        Odd(Vector256.Load((double*)source + 4)).Store((float*)destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) =>
        Unsafe.WriteUnaligned(destination, Odd(Vector256.CreateScalar(Unsafe.ReadUnaligned<double>(source))).ToScalar());

    /// <summary>Towards zero, then the last bit set wherever something was lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Odd(Vector256<double> value)
    {
        Vector128<float> rounded = Vector256.Narrow(value, value).GetLower();
        Vector256<double> back = Vector256.Widen(rounded.ToVector256()).Lower;
        Vector256<long> away = Vector256.GreaterThan(Vector256.Abs(back), Vector256.Abs(value)).AsInt64();
        Vector256<long> lost = ~Vector256.Equals(back, value).AsInt64() & Vector256<long>.One;
        Vector128<int> correction = Vector256.Narrow(away, away).GetLower();
        Vector128<int> sticky = Vector256.Narrow(lost, lost).GetLower();
        return ((rounded.AsInt32() + correction) | sticky).AsSingle();
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
