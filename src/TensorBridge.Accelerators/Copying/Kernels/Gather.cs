using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Any strides at all: every word decodes its own index. Four words a thread, 256 apart.</summary>
internal static class Gather
{
    public const int WordsPerBlock = 4 * Threads;
    private const int Threads = 256;

    public static void Run<TSource, TDestination, TOp, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, GatherShape shape, TAxes axes)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TAxes : unmanaged, IAxes
    {
        uint at = ((uint)Grid.IdxX * WordsPerBlock) + (uint)Group.IdxX;
        if (at >= shape.Count)
            return;
        uint last = shape.Count - 1;
        long s0 = shape.SourceStart, s1 = s0, s2 = s0, s3 = s0;
        long d0 = shape.DestinationStart, d1 = d0, d2 = d0, d3 = d0;
        axes.Decode(at, ref s0, ref d0);
        axes.Decode(IntrinsicMath.Min(at + Threads, last), ref s1, ref d1);
        axes.Decode(IntrinsicMath.Min(at + (2 * Threads), last), ref s2, ref d2);
        axes.Decode(IntrinsicMath.Min(at + (3 * Threads), last), ref s3, ref d3);
        TSource a = source[s0];
        TSource b = source[s1];
        TSource c = source[s2];
        TSource e = source[s3];
        // Words beyond the end repeat the last one: the same value at the same place.
        TOp op = default;
        destination[d0] = op.Apply(a);
        destination[d1] = op.Apply(b);
        destination[d2] = op.Apply(c);
        destination[d3] = op.Apply(e);
    }
}
