using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Byte orders within 16 bytes, and patterns of 16 bytes.</summary>
internal static unsafe class ByteOrders
{
    private static readonly Vector128<byte>[] Swaps = [.. Enumerable.Range(0, 5).Select(log => Order(place => place ^ ((1 << log) - 1)))];

    private static readonly Vector128<byte>[] Reversals = [.. Enumerable.Range(0, 5).Select(log => Order(place => 15 - (place ^ ((1 << log) - 1))))];

    private static Vector128<byte> Order(Func<int, int> from) => Vector128.Create([.. Enumerable.Range(0, 16).Select(place => (byte)from(place))]);

    /// <summary>Reverses the bytes of each word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<byte> Swap(int word) => Swaps[BitOperations.Log2((uint)word)];

    /// <summary>Reverses the order of the words, and the bytes of each if <paramref name="swap"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reverse(int word, bool swap) => Reversals[swap ? 0 : BitOperations.Log2((uint)word)];

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
