namespace TensorBridge.Copying.Host;

/// <summary>Block transposes with AVX-512: squares of whole lines, and registers of four, two or one lanes where a block is too narrow for them.</summary>
internal sealed unsafe class TileKernelsAvx512 : TileKernels
{
    private const int Line = 64;

    public override bool StreamsLines => true;

    public override void Transpose(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows, bool stream)
    {
        if (stream)
            TransposeLines<StreamingStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else if (rows * word >= Line)
            TransposeLines<CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else if (rows * word >= Line / 2)
            Run<LanesAvx2, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<LanesSse2, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
    }

    private static void TransposeLines<TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TStore : struct, IStore
    {
        if (columns * word < Line)
            Run<LanesAvx512<FourRows>, TStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 1)
            Run<Square1Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 2)
            Run<Square2Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 4)
            Run<Square4Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 8)
            Run<Square8Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<Square16Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
    }
}
