using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Long runs: a block moves 1024 words of one run, each thread four of them, loaded before the first is stored.</summary>
/// <remarks>
/// <code>
/// run   |------ 1024 words ------|------ 1024 words ------|-- rest --|
///        t0 … t255 t0 … t255 …    (words 256 apart belong to one thread, so that a warp moves whole lines)
/// </code>
/// The outer axes are decoded once per block. The rest of a run clamps its loads to the last word instead of branching around them.
/// </remarks>
internal static class Rows
{
    public const int WordsPerBlock = 4 * Threads;
    private const int Threads = 256;

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, RowsShape shape, TAxes rows)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        uint row = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (row * shape.Tiles.Divisor));
        int at = (tile * WordsPerBlock) + Group.IdxX;
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        rows.Decode(row, ref from, ref to);
        if (tile < shape.WholeTiles)
            Whole<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, shape.Run - 1);
        else
            Rest<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, shape.Run - 1);
    }

    private static void Whole<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        // Not negative: widening without a sign saves an instruction.
        ArrayView<TSource> s = source.SubView(from + (uint)(falls ? last - at - (3 * Threads) : at));
        TSource a = s[falls ? 3 * Threads : 0];
        TSource b = s[falls ? 2 * Threads : Threads];
        TSource c = s[falls ? Threads : 2 * Threads];
        TSource e = s[falls ? 0 : 3 * Threads];
        ArrayView<TDestination> d = destination.SubView(to + (uint)at);
        TOp op = default;
        d[0] = op.Apply(a);
        d[Threads] = op.Apply(b);
        d[2 * Threads] = op.Apply(c);
        d[3 * Threads] = op.Apply(e);
    }

    private static void Rest<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        if (at > last)
            return;
        TSource a = source[from + Place<TOrder>(at, last)];
        TSource b = source[from + Place<TOrder>(at + Threads, last)];
        TSource c = source[from + Place<TOrder>(at + (2 * Threads), last)];
        TSource e = source[from + Place<TOrder>(at + (3 * Threads), last)];
        TOp op = default;
        destination[to + at] = op.Apply(a);
        if (at + Threads <= last)
            destination[to + at + Threads] = op.Apply(b);
        if (at + (2 * Threads) <= last)
            destination[to + at + (2 * Threads)] = op.Apply(c);
        if (at + (3 * Threads) <= last)
            destination[to + at + (3 * Threads)] = op.Apply(e);
    }

    /// <summary>Where the source word lies that belongs to a word of the run; words beyond the end repeat the last.</summary>
    private static int Place<TOrder>(int at, int last)
        where TOrder : unmanaged, IWordOrder
    {
        int clamped = IntrinsicMath.Min(at, last);
        return default(TOrder).Falls ? last - clamped : clamped;
    }
}
