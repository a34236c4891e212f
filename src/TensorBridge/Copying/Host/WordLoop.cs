using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Moves words one by one between any two strides: the general case, and the ends of the others.</summary>
internal static unsafe class WordLoop
{
    /// <summary>Copies <paramref name="count"/> words of <paramref name="word"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(int word, byte* destination, nint destinationStride, byte* source, nint sourceStride, nint count)
    {
        switch (word)
        {
            case 1: Copy<byte>(destination, destinationStride, source, sourceStride, count); break;
            case 2: Copy<ushort>(destination, destinationStride, source, sourceStride, count); break;
            case 4: Copy<uint>(destination, destinationStride, source, sourceStride, count); break;
            case 8: Copy<ulong>(destination, destinationStride, source, sourceStride, count); break;
            default: Copy<Vector128<byte>>(destination, destinationStride, source, sourceStride, count); break;
        }
    }

    /// <summary>Copies words of 2, 4 or 8 bytes and reverses the bytes of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Swap(int word, byte* destination, nint destinationStride, byte* source, nint sourceStride, nint count)
    {
        for (; count > 0; count--, destination += destinationStride, source += sourceStride)
        {
            switch (word)
            {
                case 2: Unsafe.WriteUnaligned(destination, BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(source))); break;
                case 4: Unsafe.WriteUnaligned(destination, BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(source))); break;
                default: Unsafe.WriteUnaligned(destination, BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(source))); break;
            }
        }
    }

    /// <summary>Eight independent moves per round: loads that miss the caches overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<T>(byte* destination, nint destinationStride, byte* source, nint sourceStride, nint count) where T : unmanaged
    {
        for (; count >= 8; count -= 8)
        {
            Four<T>(destination, destinationStride, source, sourceStride);
            destination += 4 * destinationStride;
            source += 4 * sourceStride;
            Four<T>(destination, destinationStride, source, sourceStride);
            destination += 4 * destinationStride;
            source += 4 * sourceStride;
        }
        for (; count > 0; count--, destination += destinationStride, source += sourceStride)
            Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<T>(source));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<T>(byte* destination, nint destinationStride, byte* source, nint sourceStride) where T : unmanaged
    {
        T a = Unsafe.ReadUnaligned<T>(source);
        T b = Unsafe.ReadUnaligned<T>(source + sourceStride);
        T c = Unsafe.ReadUnaligned<T>(source + (2 * sourceStride));
        T d = Unsafe.ReadUnaligned<T>(source + (3 * sourceStride));
        Unsafe.WriteUnaligned(destination, a);
        Unsafe.WriteUnaligned(destination + destinationStride, b);
        Unsafe.WriteUnaligned(destination + (2 * destinationStride), c);
        Unsafe.WriteUnaligned(destination + (3 * destinationStride), d);
    }
}
