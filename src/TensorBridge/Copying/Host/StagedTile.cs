using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>
/// Tiles whose runs are not contiguous (strided on either side) or whose words are swapped: each block is gathered into contiguous rows, transposed, and
/// written out, all in the first-level cache.
/// </summary>
internal static unsafe class StagedTile
{
    private const int LineBytes = 256;
    private const int MostStaged = 32 * 1024;

    /// <summary>Executes the tile.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        nint smallest = TileKernels.SmallestSide(nest.Word);
        if (tile.Columns.Extent < smallest || tile.Lines.Extent < smallest)
        {
            RunWords(nest, tile, destination, source);
            return;
        }
        byte* gathered = stackalloc byte[MostStaged];
        byte* transposed = stackalloc byte[MostStaged];
        nint lines = LineBytes / nest.Word;
        nint columns = nint.Min(LineBytes, 128 * nest.Word) / nest.Word;
        for (nint q = 0, countQ; q < tile.Lines.Extent; q += countQ)
        {
            countQ = Count(q, lines, tile.Lines.Extent, smallest);
            for (nint p = 0, countP; p < tile.Columns.Extent; p += countP)
            {
                countP = Count(p, columns, tile.Columns.Extent, smallest);
                RunBlock(nest, tile, destination, source, p, q, countP, countQ, gathered, transposed);
            }
        }
    }

    /// <summary>Half blocks at the end where a whole one would leave a rest too small for a kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Count(nint start, nint length, nint extent, nint smallest)
    {
        nint left = extent - start;
        return left <= length ? left : left >= length + smallest ? length : left - smallest;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(in HostNest nest, in Tile tile, byte* destination, byte* source, nint p, nint q, nint countP, nint countQ, byte* gathered, byte* transposed)
    {
        int word = nest.Word;
        nint* sourceRows = stackalloc nint[LineBytes];
        nint* stagedRows = stackalloc nint[LineBytes];
        byte* from = source + (p * tile.SourceStep);
        for (nint i = 0; i < countQ; i++)
            sourceRows[i] = tile.Lines.Offset(q + i);
        if (tile.SourceStep != word)
        {
            for (nint i = 0; i < countQ; i++)
            {
                GatherRow(nest, tile, gathered + (i * countP * word), from + sourceRows[i], countP);
                sourceRows[i] = i * countP * word;
            }
            from = gathered;
        }
        for (nint i = 0; i < countP; i++)
            stagedRows[i] = i * countQ * word;
        nest.Kernels.Tiles.Transpose(word, transposed, stagedRows, from, sourceRows, countP, countQ, stream: false);
        for (nint i = 0; i < countP; i++)
            WriteRow(nest, tile, destination + tile.Columns.Offset(p + i) + (q * tile.DestinationStep), transposed + stagedRows[i], countQ);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherRow(in HostNest nest, in Tile tile, byte* row, byte* source, nint count)
    {
        int word = nest.Word;
        if (tile.SourceStep % word == 0 && ChannelKernels.CanSplit(tile.SourceStep / word, word))
            nest.Kernels.Channels.Gather(row, 0, source, 0, (int)(tile.SourceStep / word), count, 1, word, stream: false);
        else
            WordLoop.Copy(word, row, word, source, tile.SourceStep, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteRow(in HostNest nest, in Tile tile, byte* destination, byte* row, nint count)
    {
        if (tile.DestinationStep == nest.Word)
            RowLoop.Emit(nest, destination, row, count * nest.Word);
        else if (nest.Swap)
            WordLoop.Swap(nest.Word, destination, tile.DestinationStep, row, nest.Word, count);
        else
            WordLoop.Copy(nest.Word, destination, tile.DestinationStep, row, nest.Word, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWords(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        for (nint q = 0; q < tile.Lines.Extent; q++)
        {
            byte* from = source + tile.Lines.Offset(q);
            byte* to = destination + (q * tile.DestinationStep);
            for (nint p = 0; p < tile.Columns.Extent; p++)
            {
                if (nest.Swap)
                    WordLoop.Swap(nest.Word, to + tile.Columns.Offset(p), 0, from + (p * tile.SourceStep), 0, 1);
                else
                    WordLoop.Copy(nest.Word, to + tile.Columns.Offset(p), 0, from + (p * tile.SourceStep), 0, 1);
            }
        }
    }
}
