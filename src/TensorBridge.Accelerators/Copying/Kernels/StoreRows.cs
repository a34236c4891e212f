using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Stores one 16-byte pattern along dense rows: the part that <see cref="Replicate"/> and <see cref="Fill"/> share.</summary>
internal static class StoreRows
{
    /// <summary>Wide words a thread stores.</summary>
    public const int Vectors = 4;

    /// <summary>Stores this thread's part of a row that begins at word <paramref name="to"/>; the view begins on 16 bytes.</summary>
    public static void Run<TWord, TPacker>(ArrayView<V16> destination, long to, int tile, int lanesLog2, int run, V16 pattern)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
    {
        TPacker packer = default;
        int lanes = 1 << lanesLog2;
        int lead = (int)to & ((1 << packer.CountLog2) - 1);
        int vector = ((tile * Vectors) << lanesLog2) + (Group.IdxX & (lanes - 1));
        int at = (vector << packer.CountLog2) - lead;
        to = (to >> packer.CountLog2) + vector;
        if (at >= 0 && at + (((3 * lanes) + 1) << packer.CountLog2) <= run)
        {
            FourRows.Store(destination, to, lanes, pattern, pattern, pattern, pattern);
            return;
        }
        int count = 1 << packer.CountLog2;
        for (int k = 0; k < Vectors && at < run; k++)
        {
            if (at >= 0 && at + count <= run)
                destination[to] = pattern;
            else
                Words<TWord, TPacker>(destination.Cast<TWord>(), to << packer.CountLog2, at, run, packer.First(pattern));
            at += lanes << packer.CountLog2;
            to += lanes;
        }
    }

    private static void Words<TWord, TPacker>(ArrayView<TWord> destination, long to, int at, int run, TWord word)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
    {
        int end = IntrinsicMath.Min(at + (1 << default(TPacker).CountLog2), run);
        for (int i = IntrinsicMath.Max(at, 0); i < end; i++)
            destination[to + i - at] = word;
    }
}
