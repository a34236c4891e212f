using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The mirror of <see cref="Pack"/>: a dense source, a strided destination. A thread loads 16 bytes at once and stores them word by word.</summary>
/// <remarks>The source of a row starts on 16 bytes; what is left at its end is loaded word by word.</remarks>
internal static class Unpack
{
    public static void Run<TWord, TPacker, TOp, TAxes>(ArrayView<V16> source, ArrayView<TWord> destination, StepsShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        int lanes = 1 << shape.Rows.LanesLog2;
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        int at = ((tile * Vectors) << shape.Rows.LanesLog2) + (Group.IdxX & (lanes - 1));
        int whole = shape.Rows.Run >> default(TPacker).CountLog2;
        if (row >= shape.Rows.Rows || at > whole)
            return;
        long from = shape.Rows.SourceStart;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        if (at + ((Vectors - 1) * lanes) < whole)
            Whole<TWord, TPacker, TOp>(source, destination, from, to, at, lanes, shape.DestinationStep);
        else
            Rest<TWord, TPacker, TOp>(source, destination, from, to, at, whole, shape);
    }

    /// <summary>Wide words a thread moves at once.</summary>
    public const int Vectors = 4;

    private static void Whole<TWord, TPacker, TOp>(ArrayView<V16> source, ArrayView<TWord> destination, long from, long to, int at, int lanes, long step)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        ArrayView<V16> s0 = source.SubView(from + at);
        ArrayView<V16> s1 = s0.SubView(lanes);
        ArrayView<V16> s2 = s1.SubView(lanes);
        ArrayView<V16> s3 = s2.SubView(lanes);
        V16 a = s0[0];
        V16 b = s1[0];
        V16 c = s2[0];
        V16 e = s3[0];
        TPacker packer = default;
        TOp op = default;
        long words = step << packer.CountLog2;
        ArrayView<TWord> d0 = destination.SubView(to + (at * words));
        ArrayView<TWord> d1 = d0.SubView(lanes * words);
        ArrayView<TWord> d2 = d1.SubView(lanes * words);
        ArrayView<TWord> d3 = d2.SubView(lanes * words);
        packer.Scatter(op.Apply(a), d0, step);
        packer.Scatter(op.Apply(b), d1, step);
        packer.Scatter(op.Apply(c), d2, step);
        packer.Scatter(op.Apply(e), d3, step);
    }

    private static void Rest<TWord, TPacker, TOp>(ArrayView<V16> source, ArrayView<TWord> destination, long from, long to, int at, int whole, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        TPacker packer = default;
        int lanes = 1 << shape.Rows.LanesLog2;
        long words = shape.DestinationStep << packer.CountLog2;
        for (int k = 0; k < Vectors && at <= whole; k++, at += lanes)
        {
            if (at < whole)
                packer.Scatter(default(TOp).Apply(source[from + at]), destination.SubView(to + (at * words)), shape.DestinationStep);
            else
                Words<TWord, TPacker, TOp>(source.Cast<TWord>(), destination, from << packer.CountLog2, to, whole << packer.CountLog2, shape);
        }
    }

    private static void Words<TWord, TPacker, TOp>(ArrayView<TWord> source, ArrayView<TWord> destination, long from, long to, int first, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        TPacker packer = default;
        for (int i = first; i < shape.Rows.Run; i++)
            destination[to + (i * shape.DestinationStep)] = packer.First(default(TOp).Apply(packer.Splat(source[from + i])));
    }
}
