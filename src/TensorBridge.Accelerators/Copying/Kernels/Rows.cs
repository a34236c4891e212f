using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Long runs: a block moves one piece of one run, each thread 4 to 16 words of it, loaded before the first is stored.</summary>
/// <remarks>
/// <code>
/// run   |------ 4 x 256 words ------|------ 4 x 256 words ------|-- rest --|
///        t0 … t255 t0 … t255 …    (words 256 apart belong to one thread, so that a warp moves whole lines)
/// </code>
/// The outer axes are decoded once per block. The rest of a run clamps its loads to the last word instead of branching around them.
/// </remarks>
internal static class Rows
{
    private const int Threads = 256;

    /// <summary>Words a thread moves: 32 bytes, so that narrow words share the cost of finding their place, but 4 to 16 words.</summary>
    public static int WordsEach(int size) => size <= 2 ? 16 : size <= 4 ? 8 : 4;

    /// <summary>Words a block moves, the wider of the two words having <paramref name="size"/> bytes.</summary>
    public static int WordsPerBlock(int size) => WordsEach(size) * Threads;

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, RowsShape shape, TAxes rows)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        int each = WordsEach(IntrinsicMath.Max(IlgpuInterop.SizeOf<TSource>(), IlgpuInterop.SizeOf<TDestination>()));
        uint row = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (row * shape.Tiles.Divisor));
        int at = (tile * each * Threads) + Group.IdxX;
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        rows.Decode(row, ref from, ref to);
        if (tile < shape.WholeTiles)
            Whole<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, shape.Run - 1, each);
        else
            Rest<TSource, TDestination, TOp, TOrder>(source, destination, from, to, at, shape.Run - 1, each);
    }

    private static void Whole<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int last, int each)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        int highest = (each - 1) * Threads;
        // Not negative: widening without a sign saves an instruction.
        ArrayView<TSource> s = source.SubView(from + (uint)(falls ? last - at - highest : at));
        ArrayView<TDestination> d = destination.SubView(to + (uint)at);
        Four<TSource> a = Load<TSource, TOrder>(s, 0, highest);
        if (each == 4)
        {
            Store<TSource, TDestination, TOp>(d, 0, a);
            return;
        }
        Four<TSource> b = Load<TSource, TOrder>(s, 4 * Threads, highest);
        if (each == 8)
        {
            Store<TSource, TDestination, TOp>(d, 0, a);
            Store<TSource, TDestination, TOp>(d, 4 * Threads, b);
            return;
        }
        Four<TSource> c = Load<TSource, TOrder>(s, 8 * Threads, highest);
        Four<TSource> e = Load<TSource, TOrder>(s, 12 * Threads, highest);
        Store<TSource, TDestination, TOp>(d, 0, a);
        Store<TSource, TDestination, TOp>(d, 4 * Threads, b);
        Store<TSource, TDestination, TOp>(d, 8 * Threads, c);
        Store<TSource, TDestination, TOp>(d, 12 * Threads, e);
    }

    private static Four<T> Load<T, TOrder>(ArrayView<T> s, int first, int highest)
        where T : unmanaged
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        Four<T> words;
        words.First = s[falls ? highest - first : first];
        words.Second = s[falls ? highest - first - Threads : first + Threads];
        words.Third = s[falls ? highest - first - (2 * Threads) : first + (2 * Threads)];
        words.Fourth = s[falls ? highest - first - (3 * Threads) : first + (3 * Threads)];
        return words;
    }

    private static void Store<TSource, TDestination, TOp>(ArrayView<TDestination> d, int first, Four<TSource> words)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        d[first] = op.Apply(words.First);
        d[first + Threads] = op.Apply(words.Second);
        d[first + (2 * Threads)] = op.Apply(words.Third);
        d[first + (3 * Threads)] = op.Apply(words.Fourth);
    }

    private static void Rest<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int last, int each)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        for (int end = at + (each * Threads); at < end && at <= last; at += 4 * Threads)
        {
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
    }

    /// <summary>Where the source word lies that belongs to a word of the run; words beyond the end repeat the last.</summary>
    private static int Place<TOrder>(int at, int last)
        where TOrder : unmanaged, IWordOrder
    {
        int clamped = IntrinsicMath.Min(at, last);
        return default(TOrder).Falls ? last - clamped : clamped;
    }
}
