using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying;

/// <summary><c>byte</c> to <c>ushort</c>: zero extension.</summary>
internal readonly unsafe struct WidenUInt8 : IElementStep
{
    public static int BlockItems => 32;

    public static int SourceSize => 1;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Load((byte*)source));
        low.Store((ushort*)destination);
        high.Store((ushort*)destination + Vector256<ushort>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (ushort)Unsafe.ReadUnaligned<byte>(source));
}

/// <summary><c>sbyte</c> to <c>short</c>: sign extension.</summary>
internal readonly unsafe struct WidenInt8 : IElementStep
{
    public static int BlockItems => 32;

    public static int SourceSize => 1;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<short> low, Vector256<short> high) = Vector256.Widen(Vector256.Load((sbyte*)source));
        low.Store((short*)destination);
        high.Store((short*)destination + Vector256<short>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (short)Unsafe.ReadUnaligned<sbyte>(source));
}

/// <summary><c>ushort</c> to <c>uint</c>: zero extension.</summary>
internal readonly unsafe struct WidenUInt16 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 2;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Load((ushort*)source));
        low.Store((uint*)destination);
        high.Store((uint*)destination + Vector256<uint>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (uint)Unsafe.ReadUnaligned<ushort>(source));
}

/// <summary><c>short</c> to <c>int</c>: sign extension.</summary>
internal readonly unsafe struct WidenInt16 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 2;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<int> low, Vector256<int> high) = Vector256.Widen(Vector256.Load((short*)source));
        low.Store((int*)destination);
        high.Store((int*)destination + Vector256<int>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (int)Unsafe.ReadUnaligned<short>(source));
}

/// <summary><c>uint</c> to <c>ulong</c>: zero extension.</summary>
internal readonly unsafe struct WidenUInt32 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(Vector256.Load((uint*)source));
        low.Store((ulong*)destination);
        high.Store((ulong*)destination + Vector256<ulong>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (ulong)Unsafe.ReadUnaligned<uint>(source));
}

/// <summary><c>int</c> to <c>long</c>: sign extension.</summary>
internal readonly unsafe struct WidenInt32 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256<long> low, Vector256<long> high) = Vector256.Widen(Vector256.Load((int*)source));
        low.Store((long*)destination);
        high.Store((long*)destination + Vector256<long>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (long)Unsafe.ReadUnaligned<int>(source));
}

/// <summary>16 bits to 8: the low half, as C wraps.</summary>
internal readonly unsafe struct Narrow16 : IElementStep
{
    public static int BlockItems => 32;

    public static int SourceSize => 2;

    public static int DestinationSize => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<ushort> low = Vector256.Load((ushort*)source);
        Vector256<ushort> high = Vector256.Load((ushort*)source + Vector256<ushort>.Count);
        Vector256.Narrow(low, high).Store((byte*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, unchecked((byte)Unsafe.ReadUnaligned<ushort>(source)));
}

/// <summary>32 bits to 16: the low half, as C wraps.</summary>
internal readonly unsafe struct Narrow32 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 4;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<uint> low = Vector256.Load((uint*)source);
        Vector256<uint> high = Vector256.Load((uint*)source + Vector256<uint>.Count);
        Vector256.Narrow(low, high).Store((ushort*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, unchecked((ushort)Unsafe.ReadUnaligned<uint>(source)));
}

/// <summary>64 bits to 32: the low half, as C wraps.</summary>
internal readonly unsafe struct Narrow64 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<ulong> low = Vector256.Load((ulong*)source);
        Vector256<ulong> high = Vector256.Load((ulong*)source + Vector256<ulong>.Count);
        Vector256.Narrow(low, high).Store((uint*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, unchecked((uint)Unsafe.ReadUnaligned<ulong>(source)));
}
