using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying;

/// <summary><c>float</c> to <c>int</c>, towards zero; what does not fit becomes the smallest <c>int</c>.</summary>
internal readonly unsafe struct Float32ToInt32 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        if (Avx.IsSupported)
        {
            Avx.ConvertToVector256Int32WithTruncation(Vector256.Load((float*)source)).Store((int*)destination);
            return;
        }
        for (int i = 0; i < 8; i++)
            One(source + (i * 4), destination + (i * 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Truncation.ToInt32(Unsafe.ReadUnaligned<float>(source)));
}

/// <summary><c>double</c> to <c>int</c>, towards zero; what does not fit becomes the smallest <c>int</c>.</summary>
internal readonly unsafe struct Float64ToInt32 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        if (Avx.IsSupported)
        {
            Avx.ConvertToVector128Int32WithTruncation(Vector256.Load((double*)source)).Store((int*)destination);
            return;
        }
        for (int i = 0; i < 4; i++)
            One(source + (i * 8), destination + (i * 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Truncation.ToInt32(Unsafe.ReadUnaligned<double>(source)));
}

/// <summary><c>double</c> to <c>long</c>, towards zero; what does not fit becomes the smallest <c>long</c>.</summary>
internal readonly unsafe struct Float64ToInt64 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        if (Avx512DQ.VL.IsSupported)
        {
            Avx512DQ.VL.ConvertToVector256Int64WithTruncation(Vector256.Load((double*)source)).Store((long*)destination);
            return;
        }
        for (int i = 0; i < 4; i++)
            One(source + (i * 8), destination + (i * 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Truncation.ToInt64(Unsafe.ReadUnaligned<double>(source)));
}

/// <summary><c>double</c> to <c>ulong</c> as compilers do it with signed conversions: from 2^63 on, 2^63 is taken off and put back.</summary>
internal readonly unsafe struct Float64ToUInt64 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        if (Avx512DQ.VL.IsSupported)
        {
            Vector256<double> value = Vector256.Load((double*)source);
            Vector256<double> top = Vector256.GreaterThanOrEqual(value, Vector256.Create(9223372036854775808.0));
            Vector256<double> reduced = value - (top & Vector256.Create(9223372036854775808.0));
            Vector256<long> bits = Avx512DQ.VL.ConvertToVector256Int64WithTruncation(reduced);
            (bits ^ (top.AsInt64() & Vector256.Create(long.MinValue))).Store((long*)destination);
            return;
        }
        for (int i = 0; i < 4; i++)
            One(source + (i * 8), destination + (i * 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Truncation.ToUInt64(Unsafe.ReadUnaligned<double>(source)));
}
