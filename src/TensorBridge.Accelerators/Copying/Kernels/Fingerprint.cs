using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>First stage of fingerprints: a sum of mixed words, each mixed with its place, so that it does not matter who adds which.</summary>
internal static class Fingerprint
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static void Run(ArrayView<byte> source, ArrayView<ulong> results, long count)
    {
        int thread = Grid.GlobalIndex.X;
        int threads = Grid.DimX * Group.DimX;
        ulong sum = 0;
        for (long i = thread; i * 8 < count; i += threads)
            sum += Mix(Load(source, i * 8, count), (ulong)i);
        results[thread] = sum;
    }

    /// <summary>Spreads a word and its place over 64 bits.</summary>
    public static ulong Mix(ulong word, ulong place)
    {
        ulong x = (word + (place * Multiplier)) * Multiplier;
        x ^= x >> 32;
        x *= 0xD6E8FEB86659FD93;
        return x ^ (x >> 29);
    }

    /// <summary>Eight bytes from any address, zeros beyond the end.</summary>
    private static ulong Load(ArrayView<byte> source, long at, long count)
    {
        ulong word = 0;
        for (int i = 0; i < 8 && at + i < count; i++)
            word |= (ulong)source[at + i] << (8 * i);
        return word;
    }
}
