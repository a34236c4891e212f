using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Word by word along one axis of any stride on either side: the way out where addresses forbid the wide accesses of
/// <see cref="Pack"/>, <see cref="Unpack"/> and <see cref="Replicate"/>, or where words are cast.</summary>
internal static class Steps
{
    public static void Run<TSource, TDestination, TOp, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, StepsShape shape, TAxes rows)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        int lanes = 1 << shape.Rows.LanesLog2;
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        int at = (tile << (shape.Rows.LanesLog2 + 2)) + (Group.IdxX & (lanes - 1));
        int last = shape.Rows.Run - 1;
        if (row >= shape.Rows.Rows || at > last)
            return;
        long from = shape.Rows.SourceStart;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        long step = shape.SourceStep;
        TSource a = source[from + (at * step)];
        TSource b = source[from + (IntrinsicMath.Min(at + lanes, last) * step)];
        TSource c = source[from + (IntrinsicMath.Min(at + (2 * lanes), last) * step)];
        TSource e = source[from + (IntrinsicMath.Min(at + (3 * lanes), last) * step)];
        TOp op = default;
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
