using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Short runs: 8 to 256 threads side by side move up to 4, 8 or 16 words each of one run; a block holds as many runs as fit.</summary>
/// <remarks>
/// The outer axes are decoded once per thread, that is per run, not per word. Words of 1 and 2 bytes on either side go in groups of four neighbours, which
/// share an address; others side by side across the threads, so that a warp moves whole lines.
/// <code>
/// 4 bytes and more   t0 t1 t2 … t0 t1 t2 …
/// 1 and 2 bytes      t0 t0 t0 t0 t1 t1 t1 t1 … t0 t0 t0 t0 …
/// </code>
/// </remarks>
internal static class RowsPacked
{
    public const int ThreadsLog2 = 8;

    /// <summary>Groups of four words that a thread moves, the narrower of the two words having <paramref name="size"/> bytes.</summary>
    public static int GroupsEach(int size) => size == 1 ? 4 : size == 2 ? 2 : 1;

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, RowsShape shape, TAxes rows)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        int groups = GroupsEach(IntrinsicMath.Min(IlgpuInterop.SizeOf<TSource>(), IlgpuInterop.SizeOf<TDestination>()));
        uint rest = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Tiles.Divisor));
        int lanes = 1 << shape.LanesLog2;
        uint row = (rest << (ThreadsLog2 - shape.LanesLog2)) + (uint)(Group.IdxX >> shape.LanesLog2);
        int lane = Group.IdxX & (lanes - 1);
        int at = ((tile * groups) << (shape.LanesLog2 + 2)) + (groups == 1 ? lane : lane * 4);
        int last = shape.Run - 1;
        if (row >= shape.Rows || (groups == 1 && at > last))
            return;
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        rows.Decode(row, ref from, ref to);
        if (groups == 1)
            Apart<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, lanes, last);
        else if (at + ((((groups - 1) * lanes) + 1) * 4) - 1 <= last)
            Neighbours<TSource, TDestination, TOp>(source.SubView(from + (uint)at), destination.SubView(to + (uint)at), lanes * 4, groups);
        else
            NeighboursAtTheEnd<TSource, TDestination, TOp>(source, destination, from, to, at, lanes * 4, last, groups);
    }

    private static void Apart<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int lanes, int last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        if (at + (3 * lanes) <= last)
            Whole<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, lanes, last);
        else
            Rest<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, lanes, last);
    }

    /// <summary>Two or four groups of neighbours; all are loaded before the first is stored.</summary>
    private static void Neighbours<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> destination, int step, int groups)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        ArrayView<TSource> second = source.SubView(step);
        ArrayView<TDestination> secondTarget = destination.SubView(step);
        Four<TSource> a = Load(source);
        Four<TSource> b = Load(second);
        if (groups == 2)
        {
            Store<TSource, TDestination, TOp>(destination, a);
            Store<TSource, TDestination, TOp>(secondTarget, b);
            return;
        }
        ArrayView<TSource> third = second.SubView(step);
        ArrayView<TDestination> thirdTarget = secondTarget.SubView(step);
        Four<TSource> c = Load(third);
        Four<TSource> e = Load(third.SubView(step));
        Store<TSource, TDestination, TOp>(destination, a);
        Store<TSource, TDestination, TOp>(secondTarget, b);
        Store<TSource, TDestination, TOp>(thirdTarget, c);
        Store<TSource, TDestination, TOp>(thirdTarget.SubView(step), e);
    }

    private static void NeighboursAtTheEnd<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int step, int last, int groups)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        for (int group = 0; group < groups && at <= last; group++, at += step)
        {
            if (at + 3 <= last)
            {
                Store<TSource, TDestination, TOp>(destination.SubView(to + (uint)at), Load(source.SubView(from + (uint)at)));
                continue;
            }
            for (int word = at; word <= last; word++)
                destination[to + word] = op.Apply(source[from + word]);
        }
    }

    private static Four<T> Load<T>(ArrayView<T> source)
        where T : unmanaged
    {
        Four<T> words;
        words.First = source[0];
        words.Second = source[1];
        words.Third = source[2];
        words.Fourth = source[3];
        return words;
    }

    private static void Store<TSource, TDestination, TOp>(ArrayView<TDestination> destination, Four<TSource> words)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        destination[0] = op.Apply(words.First);
        destination[1] = op.Apply(words.Second);
        destination[2] = op.Apply(words.Third);
        destination[3] = op.Apply(words.Fourth);
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
