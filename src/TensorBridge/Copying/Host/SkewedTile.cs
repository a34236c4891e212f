using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>
/// Streams tiles whose destination rows do not start on a line, or whose registers are narrower than a line. Each row has two lines of staging, the strip
/// transposed before and the current one; the aligned line that straddles them leaves whole.
/// <code>
/// staging of a row      | previous strip, 64 bytes | current strip, 64 bytes |
/// one aligned line               |&lt;------- 64 bytes -------&gt;|
/// </code>
/// </summary>
internal static unsafe class SkewedTile
{
    private const int Line = 64;

    /// <summary>Bytes of staging for a row.</summary>
    private const int Pitch = 2 * Line;

    /// <summary>Most rows staged at a time: 16 KiB.</summary>
    private const int MostColumns = 256;

    /// <summary>Destination bytes of a row written before the next block of rows.</summary>
    private const int SpanBytes = 4096;

    /// <summary>Executes the tile; its lines are at least two whole lines long.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, in Tile tile, byte* destination, byte* source)
    {
        int word = nest.Word;
        byte* room = stackalloc byte[(512 * Pitch) + Line];
        byte* staging = room + ShortRun.ToLine(room);
        nint* stagedRows = stackalloc nint[512];
        for (nint i = 0; i < 512; i++)
            stagedRows[i] = i * Pitch;
        nint span = SpanBytes / word;
        nint columns = nint.Min(1024 / word, MostColumns);
        nint smallest = TileKernels.SmallestSide(word);
        for (nint q = 0, countQ; q < tile.Lines.Extent; q += countQ)
        {
            countQ = q + span + (2 * Line / word) > tile.Lines.Extent ? tile.Lines.Extent - q : span;
            for (nint p = 0, countP; p < tile.Columns.Extent; p += countP)
            {
                countP = p + columns + smallest > tile.Columns.Extent ? tile.Columns.Extent - p : columns;
                RunSpan(nest, tile, destination, source, p, q, countP, countQ, staging, stagedRows);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSpan(in HostNest nest, in Tile tile, byte* destination, byte* source, nint p, nint q, nint countP, nint countQ, byte* staging, nint* stagedRows)
    {
        int word = nest.Word;
        nint strip = Line / word;
        byte* to = destination + tile.Columns.Base(p) + (q * word);
        nint* rows = tile.Columns.RowsFrom(p);
        nint done = 0;
        for (; done + strip <= countQ; done += strip)
        {
            Stage(nest, tile, source, p, q + done, countP, staging + Line, stagedRows);
            if (done == 0)
                WriteFirst(to, rows, countP, staging);
            else
                nest.Kernels.Rows.WriteStraddling(to + (done * word), rows, countP, staging);
        }
        nint rest = (countQ - done) * word;
        if (rest > 0)
            Stage(nest, tile, source, p, q + countQ - strip, countP, staging + rest, stagedRows);
        WriteLast(to + (done * word), rows, countP, staging, rest, nest.Kernels.Rows);
    }

    /// <summary>Transposes one strip into the staging of every row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Stage(in HostNest nest, in Tile tile, byte* source, nint p, nint q, nint countP, byte* staging, nint* stagedRows) =>
        nest.Kernels.Tiles.Transpose(nest.Word, staging, stagedRows, source + tile.Lines.Base(q) + (p * nest.Word), tile.Lines.RowsFrom(q), countP, Line / nest.Word, stream: false);

    /// <summary>The head of each row up to its first line (all of the strip, where the row starts on one).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteFirst(byte* destination, nint* rows, nint count, byte* staging)
    {
        for (nint i = 0; i < count; i++, staging += Pitch)
        {
            byte* to = destination + rows[i];
            nint head = ShortRun.ToLine(to);
            ShortRun.Copy(to, staging + Line, head == 0 ? Line : head);
            ShortRun.Copy(staging, staging + Line, Line);
        }
    }

    /// <summary>What lies after the last line written: at most one whole line and the tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteLast(byte* destination, nint* rows, nint count, byte* staging, nint rest, RowKernels kernels)
    {
        for (nint i = 0; i < count; i++, staging += Pitch)
        {
            byte* to = destination + rows[i];
            nint open = (nint)to & (Line - 1);
            if (open + rest >= Line)
            {
                kernels.CopyRows(to - open, 0, staging + Line - open, 0, Line, 1, stream: false);
                ShortRun.Copy(to - open + Line, staging + Line - open + Line, open + rest - Line);
            }
            else
            {
                ShortRun.Copy(to - open, staging + Line - open, open + rest);
            }
        }
    }
}
