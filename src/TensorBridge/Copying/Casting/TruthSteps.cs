using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying;

/// <summary>A byte to 0 or 1.</summary>
internal readonly unsafe struct Truth8 : IElementStep
{
    public static int BlockItems => 32;

    public static int SourceSize => 1;

    public static int DestinationSize => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256.Min(Vector256.Load(source), Vector256<byte>.One).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => *destination = *source != 0 ? (byte)1 : (byte)0;
}

/// <summary>16 bits to 0 or 1.</summary>
internal readonly unsafe struct Truth16 : IElementStep
{
    public static int BlockItems => 32;

    public static int SourceSize => 2;

    public static int DestinationSize => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<ushort> low = Vector256.Min(Vector256.Load((ushort*)source), Vector256<ushort>.One);
        Vector256<ushort> high = Vector256.Min(Vector256.Load((ushort*)source + 16), Vector256<ushort>.One);
        Vector256.Narrow(low, high).Store(destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => *destination = Unsafe.ReadUnaligned<ushort>(source) != 0 ? (byte)1 : (byte)0;
}

/// <summary>32 bits to 0 or 1, as 16 bits.</summary>
internal readonly unsafe struct Truth32 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 4;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<uint> low = Vector256.Min(Vector256.Load((uint*)source), Vector256<uint>.One);
        Vector256<uint> high = Vector256.Min(Vector256.Load((uint*)source + 8), Vector256<uint>.One);
        Vector256.Narrow(low, high).Store((ushort*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<uint>(source) != 0 ? (ushort)1 : (ushort)0);
}

/// <summary>64 bits to 32 that are zero exactly when they are.</summary>
internal readonly unsafe struct Fold64 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 8;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        Vector256<ulong> low = Vector256.Load((ulong*)source);
        Vector256<ulong> high = Vector256.Load((ulong*)source + 4);
        Vector256.Narrow(low | (low >> 32), high | (high >> 32)).Store((uint*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (uint)(Unsafe.ReadUnaligned<ulong>(source) | (Unsafe.ReadUnaligned<ulong>(source) >> 32)));
}

/// <summary>Shifts the sign out: minus zero is false as well.</summary>
internal readonly unsafe struct DropSign16 : IElementStep
{
    public static int BlockItems => 16;

    public static int SourceSize => 2;

    public static int DestinationSize => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256.Load((ushort*)source) << 1).Store((ushort*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, (ushort)(Unsafe.ReadUnaligned<ushort>(source) << 1));
}

/// <summary>Shifts the sign out: minus zero is false as well.</summary>
internal readonly unsafe struct DropSign32 : IElementStep
{
    public static int BlockItems => 8;

    public static int SourceSize => 4;

    public static int DestinationSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256.Load((uint*)source) << 1).Store((uint*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<uint>(source) << 1);
}

/// <summary>Shifts the sign out: minus zero is false as well.</summary>
internal readonly unsafe struct DropSign64 : IElementStep
{
    public static int BlockItems => 4;

    public static int SourceSize => 8;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        (Vector256.Load((ulong*)source) << 1).Store((ulong*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<ulong>(source) << 1);
}
