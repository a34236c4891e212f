using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Stores one value, given by the host, word by word along an axis of any stride. The source view is not read.</summary>
internal static class FillSteps
{
    public static void Run<TWord, TPacker, TAxes>(ArrayView<TWord> source, ArrayView<TWord> destination, FillShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        if (row >= shape.Rows.Rows)
            return;
        int lanes = 1 << shape.Rows.LanesLog2;
        int at = (tile << (shape.Rows.LanesLog2 + 2)) + (Group.IdxX & (lanes - 1));
        int run = shape.Rows.Run;
        if (at >= run)
            return;
        long from = 0;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        TWord word = default(TPacker).First(shape.Pattern);
        long step = lanes * shape.DestinationStep;
        to += at * shape.DestinationStep;
        if (at + (3 * lanes) < run)
        {
            FourRows.Store(destination, to, step, word, word, word, word);
            return;
        }
        destination[to] = word;
        if (at + lanes < run)
            destination[to + step] = word;
        if (at + (2 * lanes) < run)
            destination[to + (2 * step)] = word;
    }
}
