using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A strided or reversed source, a dense destination: a thread gathers 16 bytes word by word and stores them at once.</summary>
/// <remarks>
/// <code>
/// source       w . . w . . w . . w . .     SourceStep words apart, upwards or downwards
/// destination  w w w w                     one 16-byte store, 16-byte aligned
/// </code>
/// The destination of a row starts on 16 bytes; what is left at its end is stored word by word.
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
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        int lanes = 1 << shape.Rows.LanesLog2;
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        int at = ((tile * default(TPacker).Vectors) << shape.Rows.LanesLog2) + (Group.IdxX & (lanes - 1));
        int whole = shape.Rows.Run >> default(TPacker).CountLog2;
        if (row >= shape.Rows.Rows || at > whole)
            return;
        long from = shape.Rows.SourceStart;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        if (at + ((default(TPacker).Vectors - 1) * lanes) < whole)
            Whole<TWord, TPacker, TOp, TOrder>(source, destination, from, to, at, lanes, shape.SourceStep);
        else
            Rest<TWord, TPacker, TOp, TOrder>(source, destination, from, to, at, whole, shape);
    }

    private static void Whole<TWord, TPacker, TOp, TOrder>(ArrayView<TWord> source, ArrayView<V16> destination, long from, long to, int at, int lanes, long step)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        TPacker packer = default;
        ArrayView<V16> d = destination.SubView(to + at);
        V16 a = One<TWord, TPacker, TOp, TOrder>(source, from, at, step);
        if (packer.Vectors == 1)
        {
            d[0] = a;
            return;
        }
        V16 b = One<TWord, TPacker, TOp, TOrder>(source, from, at + lanes, step);
        if (packer.Vectors == 2)
        {
            d[0] = a;
            d[lanes] = b;
            return;
        }
        V16 c = One<TWord, TPacker, TOp, TOrder>(source, from, at + (2 * lanes), step);
        V16 e = One<TWord, TPacker, TOp, TOrder>(source, from, at + (3 * lanes), step);
        d[0] = a;
        d[lanes] = b;
        d[2 * lanes] = c;
        d[3 * lanes] = e;
    }

    /// <summary>The 16-byte word at place <paramref name="at"/> of the row. A falling source is gathered from its lowest word up and turned round.</summary>
    private static V16 One<TWord, TPacker, TOp, TOrder>(ArrayView<TWord> source, long from, int at, long step)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        TPacker packer = default;
        int first = at << packer.CountLog2;
        if (!default(TOrder).Falls)
            return default(TOp).Apply(packer.Gather(source.SubView(from + (first * step)), step));
        int lowest = first + (1 << packer.CountLog2) - 1;
        return default(TOp).Apply(packer.Reverse(packer.Gather(source.SubView(from + (lowest * step)), -step)));
    }

    private static void Rest<TWord, TPacker, TOp, TOrder>(ArrayView<TWord> source, ArrayView<V16> destination, long from, long to, int at, int whole, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        TPacker packer = default;
        int lanes = 1 << shape.Rows.LanesLog2;
        for (int k = 0; k < packer.Vectors && at <= whole; k++, at += lanes)
        {
            if (at < whole)
                destination[to + at] = One<TWord, TPacker, TOp, TOrder>(source, from, at, shape.SourceStep);
            else
                Words<TWord, TPacker, TOp>(source, destination.Cast<TWord>(), from, to << packer.CountLog2, whole << packer.CountLog2, shape);
        }
    }

    private static void Words<TWord, TPacker, TOp>(ArrayView<TWord> source, ArrayView<TWord> destination, long from, long to, int first, StepsShape shape)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
    {
        TPacker packer = default;
        for (int i = first; i < shape.Rows.Run; i++)
            destination[to + i] = packer.First(default(TOp).Apply(packer.Splat(source[from + (i * shape.SourceStep)])));
    }
}
