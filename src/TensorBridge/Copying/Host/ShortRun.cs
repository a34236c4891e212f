using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Moves runs shorter than a line with two overlapping accesses of one width: no loop, no call.</summary>
internal static unsafe class ShortRun
{
    /// <summary>Copies 0 to 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* destination, byte* source, nint bytes)
    {
        if (bytes >= 32)
            Pair<Vector256<byte>>(destination, source, bytes);
        else if (bytes >= 16)
            Pair<Vector128<byte>>(destination, source, bytes);
        else if (bytes >= 8)
            Pair<ulong>(destination, source, bytes);
        else if (bytes >= 4)
            Pair<uint>(destination, source, bytes);
        else if (bytes >= 2)
            Pair<ushort>(destination, source, bytes);
        else if (bytes == 1)
            *destination = *source;
    }

    /// <summary>Copies <paramref name="bytes"/> bytes, one to two times the size of <typeparamref name="T"/>. Both loads come before the stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<T>(byte* destination, byte* source, nint bytes) where T : unmanaged
    {
        T head = Unsafe.ReadUnaligned<T>(source);
        T tail = Unsafe.ReadUnaligned<T>(source + bytes - sizeof(T));
        Unsafe.WriteUnaligned(destination, head);
        Unsafe.WriteUnaligned(destination + bytes - sizeof(T), tail);
    }

    /// <summary>Copies <paramref name="rows"/> runs of <paramref name="bytes"/> bytes each, all one to two times the size of <typeparamref name="T"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyRows<T>(byte* destination, nint destinationPitch, byte* source, nint sourcePitch, nint bytes, nint rows) where T : unmanaged
    {
        for (; rows > 0; rows--, destination += destinationPitch, source += sourcePitch)
            Pair<T>(destination, source, bytes);
    }

    /// <summary>Bytes from an address up to the next line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint ToLine(byte* address) => (nint)(-(long)address & 63);
}
