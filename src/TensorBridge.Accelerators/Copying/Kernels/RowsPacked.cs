using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Short runs: 8 to 256 threads side by side move up to four words each of one run; a block holds as many runs as fit.</summary>
/// <remarks>The outer axes are decoded once per thread, that is per run, not per word.</remarks>
internal static class RowsPacked
{
    public const int ThreadsLog2 = 8;

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, RowsShape shape, TAxes rows)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Tiles.Divisor));
        int lanes = 1 << shape.LanesLog2;
        uint row = (rest << (ThreadsLog2 - shape.LanesLog2)) + (uint)(Group.IdxX >> shape.LanesLog2);
        int at = (tile << (shape.LanesLog2 + 2)) + (Group.IdxX & (lanes - 1));
        int last = shape.Run - 1;
        if (row >= shape.Rows || at > last)
            return;
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        rows.Decode(row, ref from, ref to);
        if (at + (3 * lanes) <= last)
            Whole<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, lanes, last);
        else
            Rest<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, lanes, last);
    }

    private static void Whole<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int lanes, int last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        ArrayView<TSource> s0 = source.SubView(from + (falls ? last - at - (3 * lanes) : at));
        ArrayView<TSource> s1 = s0.SubView(lanes);
        ArrayView<TSource> s2 = s1.SubView(lanes);
        ArrayView<TSource> s3 = s2.SubView(lanes);
        TSource a = s0[0];
        TSource b = s1[0];
        TSource c = s2[0];
        TSource e = s3[0];
        ArrayView<TDestination> d0 = destination.SubView(to + at);
        ArrayView<TDestination> d1 = d0.SubView(lanes);
        ArrayView<TDestination> d2 = d1.SubView(lanes);
        ArrayView<TDestination> d3 = d2.SubView(lanes);
        TOp op = default;
        d0[0] = op.Apply(falls ? e : a);
        d1[0] = op.Apply(falls ? c : b);
        d2[0] = op.Apply(falls ? b : c);
        d3[0] = op.Apply(falls ? a : e);
    }

    private static void Rest<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int lanes, int last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        TSource a = source[from + Place<TOrder>(at, last)];
        TSource b = source[from + Place<TOrder>(at + lanes, last)];
        TSource c = source[from + Place<TOrder>(at + (2 * lanes), last)];
        TOp op = default;
        destination[to + at] = op.Apply(a);
        if (at + lanes <= last)
            destination[to + at + lanes] = op.Apply(b);
        if (at + (2 * lanes) <= last)
            destination[to + at + (2 * lanes)] = op.Apply(c);
    }

    private static int Place<TOrder>(int at, int last)
        where TOrder : unmanaged, IWordOrder
    {
        int clamped = IntrinsicMath.Min(at, last);
        return default(TOrder).Falls ? last - clamped : clamped;
    }
}
