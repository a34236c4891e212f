using System.Buffers;
using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>
/// Streams tiles of words of 1 and 2 bytes. A register transpose of those takes 16 bytes of so many rows that neither caches nor prefetchers follow: long source runs are
/// copied side by side first, one after the other, and transposed from there, several lines of each destination row in turn.
/// </summary>
internal static unsafe class NarrowTile
{
    private const int Line = 64;

    /// <summary>Source bytes taken from each row at a time.</summary>
    private const int RunBytes = 1024;

    /// <summary>Bytes written to each destination row at a time.</summary>
    private const int RowBytes = 256;

    /// <summary>Bytes that a block may be larger by in either direction, to take in a rest too small for a kernel.</summary>
    private const int Spare = 16;

    /// <summary>Bytes from one copied run to the next: no two of them compete for the same sets of the first-level cache.</summary>
    private const int Pitch = RunBytes + Line;

    /// <summary>True for words that this is faster for (measured at 256 MiB: 0.35 to 0.5 with words of 1 byte, the other way round from 4 on).</summary>
    public static bool Takes(int word) => word <= 2;

    /// <summary>Executes the tile; its destination rows start on lines.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        nint* rows = stackalloc nint[RowBytes + Spare];
        for (nint i = 0; i < RowBytes + Spare; i++)
            rows[i] = i * Pitch;
        byte[] room = ArrayPool<byte>.Shared.Rent(((RowBytes + Spare) * Pitch) + Line);
        fixed (byte* start = room)
            RunBlocks(nest, tile, destination, source, start + ShortRun.ToLine(start), rows);
        ArrayPool<byte>.Shared.Return(room);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlocks(in HostNest nest, in Tile tile, byte* destination, byte* source, byte* runs, nint* rows)
    {
        int word = nest.Word;
        for (nint q = 0, endQ; q < tile.Lines.Extent; q = endQ)
        {
            endQ = TileBlocks.End(q, RowBytes / word, tile.Lines.Extent, word);
            for (nint p = 0, endP; p < tile.Columns.Extent; p = endP)
            {
                endP = TileBlocks.End(p, RunBytes / word, tile.Columns.Extent, word);
                for (nint i = q; i < endQ; i++)
                    nest.Kernels.Rows.CopyRows(runs + ((i - q) * Pitch), 0, source + tile.Lines.Offset(i) + (p * word), 0, (endP - p) * word, 1, stream: false);
                RunBlock(nest, tile, destination + (q * word), runs, rows, p, endP, endQ - q);
            }
        }
    }

    /// <summary>Transposes the copied runs: as many columns at a time as a register transpose takes, all their lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunBlock(in HostNest nest, in Tile tile, byte* destination, byte* runs, nint* rows, nint p, nint endP, nint countQ)
    {
        int word = nest.Word;
        nint step = TileKernels.SmallestSide(word);
        nint rest = countQ * word % Line / word;
        // A rest too small for a kernel takes the line before it along: what is streamed must not be stored to again.
        if (rest > 0 && rest < step)
            rest += Line / word;
        nint whole = countQ - rest;
        TileKernels tiles = nest.Kernels.Tiles;
        byte* from = runs;
        for (nint end; p < endP; from += (end - p) * word, p = end)
        {
            end = TileBlocks.End(p, step, endP, word);
            byte* to = destination + tile.Columns.Base(p);
            nint* toRows = tile.Columns.RowsFrom(p);
            if (whole > 0)
                tiles.Transpose(word, to, toRows, from, rows, end - p, whole, stream: true);
            if (rest > 0)
                tiles.Transpose(word, to + (whole * word), toRows, from, rows + whole, end - p, rest, stream: false);
        }
    }
}
