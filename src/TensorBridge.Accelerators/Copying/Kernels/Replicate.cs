using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Repeats one source word along a dense destination row: one load, then only 16-byte stores.</summary>
/// <remarks>The destination of a row starts on 16 bytes; what is left at its end is stored word by word.</remarks>
internal static class Replicate
{
    /// <summary>Wide words a thread stores.</summary>
    public const int Vectors = 4;

    public static void Run<TWord, TPacker, TOp, TAxes>(ArrayView<TWord> source, ArrayView<V16> destination, RowsShape shape, TAxes rows)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
        where TOp : unmanaged, IWordOp<V16, V16>
        where TAxes : unmanaged, IAxes
    {
        uint rest = shape.Tiles.Divide((uint)Grid.IdxX);
        int tile = (int)((uint)Grid.IdxX - (rest * shape.Tiles.Divisor));
        int lanes = 1 << shape.LanesLog2;
        uint row = (rest << (RowsPacked.ThreadsLog2 - shape.LanesLog2)) + (uint)(Group.IdxX >> shape.LanesLog2);
        int at = ((tile * Vectors) << shape.LanesLog2) + (Group.IdxX & (lanes - 1));
        TPacker packer = default;
        int whole = shape.Run >> packer.CountLog2;
        if (row >= shape.Rows || at > whole)
            return;
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        rows.Decode(row, ref from, ref to);
        V16 word = default(TOp).Apply(packer.Splat(source[from]));
        Store<TWord, TPacker>(destination, to, at, lanes, whole, shape.Run, word);
    }

    private static void Store<TWord, TPacker>(ArrayView<V16> destination, long to, int at, int lanes, int whole, int run, V16 word)
        where TWord : unmanaged
        where TPacker : unmanaged, IPacker<TWord>
    {
        if (at + (3 * lanes) < whole)
        {
            FourRows.Store(destination, to + at, lanes, word, word, word, word);
            return;
        }
        TPacker packer = default;
        ArrayView<TWord> words = destination.Cast<TWord>();
        for (int k = 0; k < Vectors && at <= whole; k++, at += lanes)
        {
            if (at < whole)
                destination[to + at] = word;
            else
            {
                for (int i = whole << packer.CountLog2; i < run; i++)
                    words[(to << packer.CountLog2) + i] = packer.First(word);
            }
        }
    }
}
