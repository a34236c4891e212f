using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Repeats one source word along a dense destination row: one load, then only 16-byte stores.</summary>
/// <remarks>The destination's view begins on 16 bytes; the words at both ends of a row are stored alone.</remarks>
internal static class Replicate
{
    public static void Run<TWord, TPacker, TOp, TAxes>(ArrayView<TWord> source, ArrayView<V16> destination, RowsShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Tiles.Divisor));
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.LanesLog2)) + (uint)(Group.IdxX >> shape.LanesLog2);
        if (row >= shape.Rows)
            return;
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        rows.Decode(row, ref from, ref to);
        V16 pattern = default(TOp).Apply(default(TPacker).Splat(source[from]));
        StoreRows.Run<TWord, TPacker>(destination, to, tile, shape.LanesLog2, shape.Run, pattern);
    }
}
