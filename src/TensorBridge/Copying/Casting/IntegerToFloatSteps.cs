using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying;

/// <summary><c>int</c> to <c>float</c>, to nearest even.</summary>
internal readonly unsafe struct Int32ToFloat32 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256.ConvertToSingle(Vector256.Load((int*)source)).Store((float*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (float)Unsafe.ReadUnaligned<int>(source));
}

/// <summary><c>int</c> to <c>double</c>, exact: the biased integer becomes the mantissa of 2^52.</summary>
internal readonly unsafe struct Int32ToFloat64 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<uint> biased = Vector256.Load((uint*)source) ^ Vector256.Create(0x80000000u);
        (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(biased);
        Vector256<ulong> exponent = Vector256.Create(0x4330000000000000ul);
        Vector256<double> bias = Vector256.Create(4503599627370496.0 + 2147483648.0);
        ((low | exponent).AsDouble() - bias).Store((double*)destination);
        ((high | exponent).AsDouble() - bias).Store((double*)destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (double)Unsafe.ReadUnaligned<int>(source));
}

/// <summary><c>uint</c> to <c>double</c>, exact: the integer becomes the mantissa of 2^52.</summary>
internal readonly unsafe struct UInt32ToFloat64 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(Vector256.Load((uint*)source));
        Vector256<ulong> exponent = Vector256.Create(0x4330000000000000ul);
        Vector256<double> bias = Vector256.Create(4503599627370496.0);
        ((low | exponent).AsDouble() - bias).Store((double*)destination);
        ((high | exponent).AsDouble() - bias).Store((double*)destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (double)Unsafe.ReadUnaligned<uint>(source));
}

/// <summary><c>long</c> to <c>double</c>, to nearest even.</summary>
internal readonly unsafe struct Int64ToFloat64 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256.ConvertToDouble(Vector256.Load((long*)source)).Store((double*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (double)Unsafe.ReadUnaligned<long>(source));
}

/// <summary><c>ulong</c> to <c>double</c>, to nearest even.</summary>
internal readonly unsafe struct UInt64ToFloat64 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256.ConvertToDouble(Vector256.Load((ulong*)source)).Store((double*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (double)Unsafe.ReadUnaligned<ulong>(source));
}

/// <summary><c>long</c> to <c>float</c> with one rounding, to nearest even (through <c>double</c> there would be two).</summary>
internal readonly unsafe struct Int64ToFloat32 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        if (Avx512DQ.VL.IsSupported)
        {
            Avx512DQ.VL.ConvertToVector128Single(Vector256.Load((long*)source)).Store((float*)destination);
            return;
        }
        for (int i = 0; i < 4; i++)
            One(source + (i * 8), destination + (i * 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (float)Unsafe.ReadUnaligned<long>(source));
}

/// <summary><c>ulong</c> to <c>float</c> with one rounding, to nearest even (through <c>double</c> there would be two).</summary>
internal readonly unsafe struct UInt64ToFloat32 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        if (Avx512DQ.VL.IsSupported)
        {
            Avx512DQ.VL.ConvertToVector128Single(Vector256.Load((ulong*)source)).Store((float*)destination);
            return;
        }
        for (int i = 0; i < 4; i++)
            One(source + (i * 8), destination + (i * 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (float)Unsafe.ReadUnaligned<ulong>(source));
}
