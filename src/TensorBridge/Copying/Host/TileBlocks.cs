using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Executes one tile in blocks that suit the caches.</summary>
internal static unsafe class TileBlocks
{
    /// <summary>Source bytes taken from each row before the next destination line: long runs keep the prefetchers busy.</summary>
    private const int RunBytes = 1024;

    /// <summary>Destination bytes written to each row before the next source run: one line.</summary>
    private const int LineBytes = 64;

    /// <summary>Super-block, in bytes on both sides: source and destination pages stay in the translation cache.</summary>
    private const int SuperBytes = 1024;

    /// <summary>Executes the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        int word = nest.Word;
        nint smallest = TileKernels.SmallestSide(word);
        if (tile.SourceStep != word || tile.DestinationStep != word || nest.Swap)
            StagedTile.Run(nest, tile, destination, source);
        else if (tile.Columns.Extent < smallest || tile.Lines.Extent < smallest)
            RunWords(word, tile, destination, source);
        else if (nest.Stream && StartsOnLines(nest, tile, destination) && (tile.Lines.Extent * word % LineBytes == 0 || tile.Lines.Extent * word >= 4 * LineBytes))
            RunWholeLines(nest, tile, destination, source);
        else if (nest.Stream && tile.Lines.Extent * word >= 4 * LineBytes)
            SkewedTile.Run(nest, tile, destination, source);
        else
            RunCached(nest, tile, destination, source);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool StartsOnLines(in HostNest nest, in Tile tile, byte* destination) =>
        tile.RowsKeepAlignment && (nint)destination % LineBytes == 0 && nest.Kernels.Tiles.StreamsLines;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWholeLines(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        if (NarrowTile.Takes(nest.Word))
            NarrowTile.Run(nest, tile, destination, source);
        else
            RunLines(nest, tile, destination, source);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunCached(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        int word = nest.Word;
        nint side = SuperBytes / word;
        for (nint q = 0, endQ; q < tile.Lines.Extent; q = endQ)
        {
            endQ = End(q, side, tile.Lines.Extent, word);
            for (nint p = 0, endP; p < tile.Columns.Extent; p = endP)
            {
                endP = End(p, side, tile.Columns.Extent, word);
                Block(nest, tile, destination, source, p, q, endP - p, endQ - q, stream: false);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunLines(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        int word = nest.Word;
        // Destination rows whole pages apart, and words of 16 bytes, want shorter runs (measured at 256 MiB: 0.67 to 0.73 and 0.77 to 0.88 of memcpy).
        bool crowded = tile.Columns.IsSingle && tile.Columns.Stride % 4096 == 0;
        nint super = (word == 16 ? 256 : crowded ? 2048 : SuperBytes) / word;
        nint run = (word == 16 || crowded ? 512 : RunBytes) / word;
        nint lines = LineBytes / word;
        for (nint superQ = 0, superEndQ; superQ < tile.Lines.Extent; superQ = superEndQ)
        {
            superEndQ = End(superQ, super, tile.Lines.Extent, word);
            for (nint p = 0, endP; p < tile.Columns.Extent; p = endP)
            {
                endP = End(p, run, tile.Columns.Extent, word);
                for (nint q = superQ, endQ; q < superEndQ; q = endQ)
                {
                    endQ = End(q, lines, superEndQ, word);
                    Block(nest, tile, destination, source, p, q, endP - p, endQ - q, (endQ - q) * word == LineBytes);
                }
            }
        }
    }

    /// <summary>End of a block from <paramref name="start"/>: it takes in a rest that would be too small for a kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint End(nint start, nint length, nint extent, int word) =>
        start + length + TileKernels.SmallestSide(word) > extent ? extent : start + length;

    /// <summary>Transposes one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(in HostNest nest, in Tile tile, byte* destination, byte* source, nint p, nint q, nint countP, nint countQ, bool stream)
    {
        nest.Kernels.Tiles.Transpose(
            nest.Word,
            destination + tile.Columns.Base(p) + (q * nest.Word),
            tile.Columns.RowsFrom(p),
            source + tile.Lines.Base(q) + (p * nest.Word),
            tile.Lines.RowsFrom(q),
            countP,
            countQ,
            stream);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWords(int word, in Tile tile, byte* destination, byte* source)
    {
        switch (word)
        {
            case 1: RunWords<byte>(tile, destination, source); break;
            case 2: RunWords<ushort>(tile, destination, source); break;
            case 4: RunWords<uint>(tile, destination, source); break;
            case 8: RunWords<ulong>(tile, destination, source); break;
            default: RunWords<Vector128<byte>>(tile, destination, source); break;
        }
    }

    /// <summary>Sides too short for a register: word by word, the short side innermost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWords<T>(in Tile tile, byte* destination, byte* source) where T : unmanaged
    {
        if (tile.Columns.Extent < tile.Lines.Extent)
        {
            nint* rows = tile.Columns.RowsFrom(0);
            for (nint q = 0; q < tile.Lines.Extent; q++)
            {
                byte* from = source + tile.Lines.Offset(q);
                byte* to = destination + (q * sizeof(T));
                for (nint p = 0; p < tile.Columns.Extent; p++)
                    Unsafe.WriteUnaligned(to + rows[p], Unsafe.ReadUnaligned<T>(from + (p * sizeof(T))));
            }
            return;
        }
        nint* lineRows = tile.Lines.RowsFrom(0);
        for (nint p = 0; p < tile.Columns.Extent; p++)
        {
            byte* from = source + (p * sizeof(T));
            byte* to = destination + tile.Columns.Offset(p);
            for (nint q = 0; q < tile.Lines.Extent; q++)
                Unsafe.WriteUnaligned(to + (q * sizeof(T)), Unsafe.ReadUnaligned<T>(from + lineRows[q]));
        }
    }
}
