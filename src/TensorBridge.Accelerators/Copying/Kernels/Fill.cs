using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Stores one value, given by the host, along dense rows with 16-byte stores. The source view is not read.</summary>
/// <remarks>The destination's view begins on 16 bytes; the words at both ends of a row are stored alone.</remarks>
internal static class Fill
{
    public static void Run<TWord, TPacker, TAxes>(ArrayView<TWord> source, ArrayView<V16> destination, FillShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Rows.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Rows.Tiles.Divisor));
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.Rows.LanesLog2)) + (uint)(Group.IdxX >> shape.Rows.LanesLog2);
        if (row >= shape.Rows.Rows)
            return;
        long from = 0;
        long to = shape.Rows.DestinationStart;
        rows.Decode(row, ref from, ref to);
        StoreRows.Run<TWord, TPacker>(destination, to, tile, shape.Rows.LanesLog2, shape.Rows.Run, shape.Pattern);
    }
}
