using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying;

/// <summary>The real half of a complex of two <c>double</c>.</summary>
internal readonly unsafe struct RealOfComplex128 : IElementStep
{
    public static int BlockItems => 1;

    public static int SourceSize => 16;

    public static int DestinationSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        One(source, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<ulong>(source));
}

/// <summary>A <c>double</c> and an imaginary part of zero.</summary>
internal readonly unsafe struct Complex128OfReal : IElementStep
{
    public static int BlockItems => 1;

    public static int SourceSize => 8;

    public static int DestinationSize => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(byte* source, byte* destination)
    {
        One(source, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(byte* source, byte* destination) => Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).Store((ulong*)destination);
}
