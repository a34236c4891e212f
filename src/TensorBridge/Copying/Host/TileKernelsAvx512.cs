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
        {
            TransposeLines<StreamingStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
            return;
        }
        // A rest of at most half a register is left to narrower ones: a whole step for it would be mostly repetition.
        nint whole = rows * word / Line * Line / word;
        nint rest = (rows - whole) * word;
        if (whole > 0)
            TransposeLines<CachedStore>(word, destination, destinationRows, source, sourceRows, columns, rest > Line / 2 ? rows : whole);
        if (whole > 0 && (rest == 0 || rest > Line / 2))
            return;
        nint narrow = whole == 0 ? rows : (rest > Line / 4 ? Line / 2 : Line / 4) / word;
        nint first = rows - narrow;
        destination += first * word;
        sourceRows += first;
        if (narrow * word >= Line / 2)
            Run<LanesAvx2, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, narrow);
        else
            Run<LanesSse2, CachedStore>(word, destination, destinationRows, source, sourceRows, columns, narrow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeLines<TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TStore : struct, IStore
    {
        nint square = Line / word;
        if (typeof(TStore) == typeof(CachedStore) && word == 4 && columns == square && Crowds(destinationRows))
        {
            TransposeLoop<Transpose4<LanesAvx512, TStore>>.AlongDestination(destination, destinationRows, source, sourceRows, columns, rows);
            return;
        }
        nint whole = word < 4 ? 0 : columns / square * square;
        nint rest = columns - whole;
        if (rest > square / 2 && whole > 0)
            (whole, rest) = (columns, 0);
        if (whole > 0)
            TransposeSquares<TStore>(word, destination, destinationRows, source, sourceRows, whole, rows);
        if (rest == 0)
            return;
        if (whole == 0 && columns >= square && Collides(sourceRows[1] - sourceRows[0], word))
        {
            TransposeGathered<TStore>(word, destination, destinationRows, source, sourceRows, columns, rows);
            return;
        }
        nint first = columns - nint.Max(rest, SmallestSide(word));
        Run<LanesAvx512, TStore>(word, destination, destinationRows + first, source + (first * word), sourceRows, columns - first, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeSquares<TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TStore : struct, IStore
    {
        if (word == 4)
            Run<Square4Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else if (word == 8)
            Run<Square8Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<Square16Avx512<TStore>>(destination, destinationRows, source, sourceRows, columns, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeGathered<TStore>(int word, byte* destination, nint* destinationRows, byte* source, nint* sourceRows, nint columns, nint rows)
        where TStore : struct, IStore
    {
        if (word == 1)
            Run<GatheredStep<Transpose1<LanesAvx512, TStore>>>(destination, destinationRows, source, sourceRows, columns, rows);
        else
            Run<GatheredStep<Transpose2<LanesAvx512, TStore>>>(destination, destinationRows, source, sourceRows, columns, rows);
    }

    /// <summary>True if all destination rows lie in the same set of the first-level cache, which has fewer ways than a square of 4-byte words has rows: four rows at a time
    /// are faster, as long as the source lines stay in the cache for it (measured with 16 channels to planes of 16 KiB: 0.35 against 0.22).</summary>
    private static bool Crowds(nint* rows) => (rows[1] - rows[0]) % 4096 == 0;

    /// <summary>True if the rows of a step, at this pitch, want so many ways of the first-level cache (4 KiB each) that copying them first is faster (measured).</summary>
    private static bool Collides(nint pitch, int word)
    {
        nint lowest = nint.Min(pitch & -pitch, 4096);
        return lowest * Line / word >= (word == 1 ? 16 : 8) * 4096;
    }
}
