using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Block transposes with AVX-512: squares of whole lines for words of 4 bytes and more, else registers of four, two or one lanes.</summary>
internal sealed unsafe class TileKernelsAvx512 : TileKernels
{
    private const int Line = 64;

    public override bool StreamsLines => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeLines<TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TStore : struct, IStore
    {
        if (word < 4 || columns * word < Line)
            Run<LanesAvx512, TStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 4)
            Run<Square4Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 8)
            Run<Square8Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<Square16Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
    }
}
