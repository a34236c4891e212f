using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Byte orders within 16 bytes, and patterns of 16 bytes.</summary>
internal static unsafe class ByteOrders
{
    /// <summary>Reverses the bytes of each word.</summary>
    public static Vector128<byte> Swap(int word)
    {
        byte* order = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
            order[i] = (byte)((i / word * word) + word - 1 - (i % word));
        return Vector128.Load(order);
    }

    /// <summary>Reverses the order of the words, and the bytes of each if <paramref name="swap"/>.</summary>
    public static Vector128<byte> Reverse(int word, bool swap)
    {
        byte* order = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
            order[i] = (byte)(swap ? 15 - i : 16 - word - (i / word * word) + (i % word));
        return Vector128.Load(order);
    }

    /// <summary>The word at <paramref name="source"/>, repeated; its bytes reversed if <paramref name="swap"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Repeat(byte* source, int word, bool swap)
    {
        Vector128<byte> pattern = word switch
        {
            1 => Vector128.Create(*source),
            2 => Vector128.Create(Unsafe.ReadUnaligned<ushort>(source)).AsByte(),
            4 => Vector128.Create(Unsafe.ReadUnaligned<uint>(source)).AsByte(),
            8 => Vector128.Create(Unsafe.ReadUnaligned<ulong>(source)).AsByte(),
            _ => Vector128.Load(source),
        };
        return swap ? Vector128.ShuffleNative(pattern, Swap(word)) : pattern;
    }
}
