using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A source that is strided, reversed or differently aligned, and a dense destination: a thread gathers 16 bytes word by word and stores them at once.</summary>
/// <remarks>
/// <code>
/// source            w . . w . . w . . w . .      SourceStep words apart, upwards or downwards
/// destination   |   . w w w | w w w w | w w . . |  16-byte stores; the words at both ends of a row are stored alone
/// </code>
/// The destination's view begins on 16 bytes; rows may begin on any word of it.
/// </remarks>
internal static class Pack
{
    public static void Run<TWord, TPacker, TOp, TOrder, TAxes>(ArrayView<TWord> source, ArrayView<V16> destination, StepsShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
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
        int lead = (int)to & ((1 << packer.CountLog2) - 1);
        int vector = ((tile * packer.Vectors) << shape.Rows.LanesLog2) + (Group.IdxX & (lanes - 1));
        int at = (vector << packer.CountLog2) - lead;
        to = (to >> packer.CountLog2) + vector;
        int run = shape.Rows.Run;
        int end = at + ((((packer.Vectors - 1) * lanes) + 1) << packer.CountLog2);
        if (at >= packer.Margin && end + packer.Margin <= run)
            Whole<TWord, TPacker, TOp, TOrder>(source, destination, from, to, at, lanes, shape.SourceStep);
        else
            Rest<TWord, TPacker, TOp, TOrder>(source, destination, from, to, at, shape);
    }

    private static void Whole<TWord, TPacker, TOp, TOrder>(ArrayView<TWord> source, ArrayView<V16> destination, long from, long to, int at, int lanes, long step)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        TPacker packer = default;
        TOp op = default;
        long next = (uint)(lanes << packer.CountLog2) * step;
        long first = from + (Lowest<TWord, TPacker, TOrder>(at) * step);
        uint up = (uint)(default(TOrder).Falls ? -step : step);
        V16 a = packer.Gather<TOrder>(source, first, up);
        ArrayView<V16> d = destination.SubView(to);
        if (packer.CountLog2 == 4)
        {
            // 16 bytes are 16 loads in flight; 32 would not fit the registers.
            d[0] = op.Apply(a);
            d[lanes] = op.Apply(packer.Gather<TOrder>(source, first + next, up));
            return;
        }
        V16 b = packer.Gather<TOrder>(source, first + next, up);
        if (packer.Vectors == 2)
        {
            d[0] = op.Apply(a);
            d[lanes] = op.Apply(b);
            return;
        }
        V16 c = packer.Gather<TOrder>(source, first + (2 * next), up);
        V16 e = packer.Gather<TOrder>(source, first + (3 * next), up);
        d[0] = op.Apply(a);
        d[lanes] = op.Apply(b);
        d[2 * lanes] = op.Apply(c);
        d[3 * lanes] = op.Apply(e);
    }

    /// <summary>The word of the row at the lowest address of the 16 bytes that begin at word <paramref name="at"/>.</summary>
    private static uint Lowest<TWord, TPacker, TOrder>(int at)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOrder : unmanaged, IWordOrder =>
        (uint)(default(TOrder).Falls ? at + (1 << default(TPacker).CountLog2) - 1 : at);

    private static void Rest<TWord, TPacker, TOp, TOrder>(ArrayView<TWord> source, ArrayView<V16> destination, long from, long to, int at, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        TPacker packer = default;
        int lanes = 1 << shape.Rows.LanesLog2;
        int count = 1 << packer.CountLog2;
        uint up = (uint)(default(TOrder).Falls ? -shape.SourceStep : shape.SourceStep);
        for (int k = 0; k < packer.Vectors && at < shape.Rows.Run; k++)
        {
            if (at >= packer.Margin && at + count + packer.Margin <= shape.Rows.Run)
                destination[to] = default(TOp).Apply(packer.Gather<TOrder>(source, from + (Lowest<TWord, TPacker, TOrder>(at) * shape.SourceStep), up));
            else
                Words<TWord, TPacker, TOp>(source, destination.Cast<TWord>(), from, to << packer.CountLog2, at, shape);
            at += lanes << packer.CountLog2;
            to += lanes;
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
            destination[to + i - at] = packer.First(default(TOp).Apply(packer.Splat(source[from + (i * shape.SourceStep)])));
    }
}
