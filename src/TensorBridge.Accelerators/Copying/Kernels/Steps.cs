using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Word by word along one axis of any stride on either side: the way out where addresses forbid the wide accesses of
/// <see cref="Pack"/>, <see cref="Unpack"/> and <see cref="Replicate"/>, or where words are cast.</summary>
/// <remarks>
/// A thread moves 32 bytes, but 4 words at least, so that narrow words share the cost of finding their place. Neighbouring threads move
/// neighbouring words. Neighbouring words of one thread lie less
/// than 2^32 words apart on both sides; all words of a thread do so in a source that runs backwards.
/// </remarks>
internal static class Steps
{
    /// <summary>Words a thread moves, the wider of the two words having <paramref name="size"/> bytes.</summary>
    public static int WordsEach(int size) => size == 1 ? 32 : size == 2 ? 16 : size == 4 ? 8 : 4;

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, StepsShape shape, TAxes rows)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        int each = WordsEach(IntrinsicMath.Max(IlgpuInterop.SizeOf<TSource>(), IlgpuInterop.SizeOf<TDestination>()));
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        int lanes = 1 << shape.Rows.LanesLog2;
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        int at = ((tile * each) << shape.Rows.LanesLog2) + (Group.IdxX & (lanes - 1));
        int last = shape.Rows.Run - 1;
        if (row >= shape.Rows.Rows || at > last)
            return;
        long from = shape.Rows.SourceStart;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        int far = at + ((each - 1) * lanes);
        if (far <= last)
        {
            bool falls = default(TOrder).Falls;
            Whole<TSource, TDestination, TOp, TOrder>(
                source.SubView(from + ((uint)(falls ? far : at) * shape.SourceStep)),
                destination.SubView(to + ((uint)at * shape.DestinationStep)),
                (uint)lanes * (uint)(falls ? -shape.SourceStep : shape.SourceStep),
                (uint)lanes * (uint)shape.DestinationStep,
                each);
        }
        else
        {
            Rest<TSource, TDestination, TOp>(source, destination, from, to, at, lanes, shape);
        }
    }

    private static void Whole<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> destination, uint sourceStep, uint destinationStep, int each)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        if (each == 4)
        {
            Move<TSource, TDestination, TOp, TOrder>(FourSteps.Load(source, sourceStep, out _), destination, destinationStep, out _);
            return;
        }
        bool falls = default(TOrder).Falls;
        Eight<TSource, TDestination, TOp, TOrder>(source, source, destination, sourceStep, destinationStep, each - 8, out ArrayView<TSource> s, out ArrayView<TDestination> d);
        if (each >= 16)
            Eight<TSource, TDestination, TOp, TOrder>(source, falls ? source : s.SubView(sourceStep), d.SubView(destinationStep), sourceStep, destinationStep, each - 16, out s, out d);
        if (each >= 32)
        {
            Eight<TSource, TDestination, TOp, TOrder>(source, falls ? source : s.SubView(sourceStep), d.SubView(destinationStep), sourceStep, destinationStep, each - 24, out s, out d);
            Eight<TSource, TDestination, TOp, TOrder>(source, falls ? source : s.SubView(sourceStep), d.SubView(destinationStep), sourceStep, destinationStep, each - 32, out _, out _);
        }
    }

    /// <summary>Eight words, all loaded before the first is stored: more in flight would not fit the registers.</summary>
    /// <param name="lowest">The lowest of all words of the thread.</param>
    /// <param name="source">The lowest of these eight, where addresses rise.</param>
    /// <param name="destination">The first of these eight.</param>
    /// <param name="sourceStep">Words between neighbours.</param>
    /// <param name="destinationStep">Words between neighbours.</param>
    /// <param name="above">Words below these eight, where addresses fall.</param>
    /// <param name="lastSource">The highest of these eight.</param>
    /// <param name="lastDestination">The last of these eight.</param>
    private static void Eight<TSource, TDestination, TOp, TOrder>(
        ArrayView<TSource> lowest,
        ArrayView<TSource> source,
        ArrayView<TDestination> destination,
        uint sourceStep,
        uint destinationStep,
        int above,
        out ArrayView<TSource> lastSource,
        out ArrayView<TDestination> lastDestination)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        bool falls = default(TOrder).Falls;
        Four<TSource> low = FourSteps.Load(falls ? lowest.SubView((uint)above * sourceStep) : source, sourceStep, out ArrayView<TSource> middle);
        Four<TSource> high = FourSteps.Load(middle.SubView(sourceStep), sourceStep, out lastSource);
        Move<TSource, TDestination, TOp, TOrder>(falls ? high : low, destination, destinationStep, out ArrayView<TDestination> middleTarget);
        Move<TSource, TDestination, TOp, TOrder>(falls ? low : high, middleTarget.SubView(destinationStep), destinationStep, out lastDestination);
    }

    private static void Move<TSource, TDestination, TOp, TOrder>(Four<TSource> words, ArrayView<TDestination> destination, uint step, out ArrayView<TDestination> last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder =>
        FourSteps.Store(destination, step, FourSteps.Apply<TSource, TDestination, TOp>(default(TOrder).Falls ? FourSteps.Turn(words) : words), out last);

    /// <summary>Up to the end of the run, four words at a time; loads beyond it repeat the last word.</summary>
    private static void Rest<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> destination, long from, long to, int at, int lanes, StepsShape shape)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        for (int last = shape.Rows.Run - 1; at <= last; at += 4 * lanes)
        {
            long step = shape.SourceStep;
            TSource a = source[from + (at * step)];
            TSource b = source[from + (IntrinsicMath.Min(at + lanes, last) * step)];
            TSource c = source[from + (IntrinsicMath.Min(at + (2 * lanes), last) * step)];
            TSource e = source[from + (IntrinsicMath.Min(at + (3 * lanes), last) * step)];
            step = shape.DestinationStep;
            destination[to + (at * step)] = op.Apply(a);
            if (at + lanes <= last)
                destination[to + ((at + lanes) * step)] = op.Apply(b);
            if (at + (2 * lanes) <= last)
                destination[to + ((at + (2 * lanes)) * step)] = op.Apply(c);
            if (at + (3 * lanes) <= last)
                destination[to + ((at + (3 * lanes)) * step)] = op.Apply(e);
        }
    }
}
