using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The mirror of <see cref="Pack"/>: a dense source, a strided destination. A thread loads 16 bytes at once and stores them word by word.</summary>
/// <remarks>The source's view begins on 16 bytes; rows may begin on any word of it.</remarks>
internal static class Unpack
{
    /// <summary>Wide words a thread moves at once.</summary>
    public const int Vectors = 4;

    public static void Run<TWord, TPacker, TOp, TAxes>(ArrayView<V16> source, ArrayView<TWord> destination, StepsShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TAxes : unmanaged, IAxes
    {
        TPacker packer = default;
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        int lanes = 1 << shape.Rows.LanesLog2;
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        if (row >= shape.Rows.Rows)
            return;
        long from = shape.Rows.SourceStart;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        int lead = (int)from & ((1 << packer.CountLog2) - 1);
        int vector = ((tile * Vectors) << shape.Rows.LanesLog2) + (Group.IdxX & (lanes - 1));
        int at = (vector << packer.CountLog2) - lead;
        from = (from >> packer.CountLog2) + vector;
        int end = at + ((((Vectors - 1) * lanes) + 1) << packer.CountLog2);
        if (at >= 0 && end <= shape.Rows.Run)
            Whole<TWord, TPacker, TOp>(source, destination, from, to, at, lanes, shape.DestinationStep);
        else
            Rest<TWord, TPacker, TOp>(source, destination, from, to, at, shape);
    }

    private static void Whole<TWord, TPacker, TOp>(ArrayView<V16> source, ArrayView<TWord> destination, long from, long to, int at, int lanes, long step)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        ArrayView<V16> s0 = source.SubView(from);
        ArrayView<V16> s1 = s0.SubView(lanes);
        ArrayView<V16> s2 = s1.SubView(lanes);
        ArrayView<V16> s3 = s2.SubView(lanes);
        V16 a = s0[0];
        V16 b = s1[0];
        V16 c = s2[0];
        V16 e = s3[0];
        TPacker packer = default;
        TOp op = default;
        long next = (uint)(lanes << packer.CountLog2) * step;
        ArrayView<TWord> d0 = destination.SubView(to + ((uint)at * step));
        ArrayView<TWord> d1 = d0.SubView(next);
        ArrayView<TWord> d2 = d1.SubView(next);
        ArrayView<TWord> d3 = d2.SubView(next);
        var near = (uint)step;
        packer.Scatter(op.Apply(a), d0, near);
        packer.Scatter(op.Apply(b), d1, near);
        packer.Scatter(op.Apply(c), d2, near);
        packer.Scatter(op.Apply(e), d3, near);
    }

    private static void Rest<TWord, TPacker, TOp>(ArrayView<V16> source, ArrayView<TWord> destination, long from, long to, int at, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        TPacker packer = default;
        int lanes = 1 << shape.Rows.LanesLog2;
        int count = 1 << packer.CountLog2;
        for (int k = 0; k < Vectors && at < shape.Rows.Run; k++)
        {
            if (at >= 0 && at + count <= shape.Rows.Run)
                packer.Scatter(default(TOp).Apply(source[from]), destination.SubView(to + (at * shape.DestinationStep)), (uint)shape.DestinationStep);
            else
                Words<TWord, TPacker, TOp>(source.Cast<TWord>(), destination, from << packer.CountLog2, to, at, shape);
            at += lanes << packer.CountLog2;
            from += lanes;
        }
    }

    /// <summary>The words of one 16-byte word that belong to the row.</summary>
    private static void Words<TWord, TPacker, TOp>(ArrayView<TWord> source, ArrayView<TWord> destination, long from, long to, int at, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        TPacker packer = default;
        int end = IntrinsicMath.Min(at + (1 << packer.CountLog2), shape.Rows.Run);
        for (int i = IntrinsicMath.Max(at, 0); i < end; i++)
            destination[to + (i * shape.DestinationStep)] = packer.First(default(TOp).Apply(packer.Splat(source[from + i - at])));
    }
}
