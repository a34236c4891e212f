using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Any strides at all: every word decodes its own index. Four words a thread, 256 apart.</summary>
/// <remarks>
/// Words beyond the end repeat the last one: the same value at the same place. With more than four axes, words are decoded one
/// after another and their offsets wait in shared memory: four at once take so many registers that too few blocks would be in flight.
/// </remarks>
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
        if (IlgpuInterop.SizeOf<TAxes>() > IlgpuInterop.SizeOf<Axes4>())
            Wide<TSource, TDestination, TOp, TAxes>(source, destination, shape, axes, at);
        else
            Narrow<TSource, TDestination, TOp, TAxes>(source, destination, shape, axes, at);
    }

    private static void Narrow<TSource, TDestination, TOp, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, GatherShape shape, TAxes axes, uint at)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TAxes : unmanaged, IAxes
    {
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
        TOp op = default;
        destination[d0] = op.Apply(a);
        destination[d1] = op.Apply(b);
        destination[d2] = op.Apply(c);
        destination[d3] = op.Apply(e);
    }

    private static void Wide<TSource, TDestination, TOp, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, GatherShape shape, TAxes axes, uint at)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TAxes : unmanaged, IAxes
    {
        ArrayView<long> sourceOffsets = SharedMemory.Allocate1D<long>(4 * Threads);
        ArrayView<long> destinationOffsets = SharedMemory.Allocate1D<long>(4 * Threads);
        uint last = shape.Count - 1;
        for (int slot = Group.IdxX; slot < 4 * Threads; slot += Threads, at += Threads)
        {
            long from = shape.SourceStart;
            long to = shape.DestinationStart;
            axes.Decode(IntrinsicMath.Min(at, last), ref from, ref to);
            sourceOffsets[slot] = from;
            destinationOffsets[slot] = to;
        }
        ArrayView<long> s = sourceOffsets.SubView(Group.IdxX);
        TSource a = source[s[0]];
        TSource b = source[s[Threads]];
        TSource c = source[s[2 * Threads]];
        TSource e = source[s[3 * Threads]];
        TOp op = default;
        ArrayView<long> d = destinationOffsets.SubView(Group.IdxX);
        destination[d[0]] = op.Apply(a);
        destination[d[Threads]] = op.Apply(b);
        destination[d[2 * Threads]] = op.Apply(c);
        destination[d[3 * Threads]] = op.Apply(e);
    }
}
