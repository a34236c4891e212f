using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Small cases that reach every kernel: whole blocks, edges and several blocks each, with the kernel that must be chosen.</summary>
internal static class DirectedCases
{
    public static IEnumerable<(string Name, string Kernel, CopyCase Case)> All()
    {
        foreach (int size in new[] { 1, 2, 4, 8, 16 })
        {
            foreach ((string Name, string Kernel, CopyCase Case) each in OfSize(size))
                yield return (each.Name + size, each.Kernel, each.Case);
        }
        foreach ((string Name, string Kernel, CopyCase Case) each in Special())
            yield return each;
    }

    private static IEnumerable<(string Name, string Kernel, CopyCase Case)> OfSize(int e)
    {
        CopyOp copy = CopyOp.Copy(e);
        long[] matrix = [5, 40000 / e];
        yield return ("rows", "Rows", new(copy, TestArray.Padded(e, 16, matrix), TestArray.Padded(e, 32, matrix)));
        yield return ("rows-odd", e <= 2 ? "Pack" : "Rows", new(copy, TestArray.Padded(e, e, 3, 2100), TestArray.Padded(e, 5 * e, 3, 2100), e, 3 * e));
        yield return ("short-rows", "RowsPacked", new(copy, TestArray.Padded(e, e, 37, 45), TestArray.Dense(e, 37, 45)));
        yield return ("rows-up", "RowsPacked", new(copy, TestArray.Padded(e, 16, 11, 160).Flip(0), TestArray.Padded(e, 48, 11, 160)));
        string tile = e switch { 1 => "Tile1", 2 => "Tile2", 4 => "Tile4", 8 => "TileLarge", _ => "TileScalar" };
        yield return ("transpose", tile, Transposed(e, 256, 144));
        yield return ("transpose-batch", tile, new(copy, TestArray.Dense(e, 2, 128, 272).Transpose(0, 2, 1), TestArray.Dense(e, 2, 272, 128)));
        yield return ("transpose-falling", tile, new(copy, TestArray.Dense(e, 160, 144).Flip(0).Transpose(1, 0), TestArray.Dense(e, 144, 160)));
        string scalar = e <= 8 ? "TileLarge" : "TileScalar";
        // Tiles of single bytes are twice as long and wide.
        int side = e == 1 ? 128 : 64;
        yield return ("transpose-odd", scalar, Transposed(e, side + 67, side + 7));
        yield return ("transpose-shifted", scalar, Transposed(e, side, 2 * side) with { SourceShift = e, DestinationShift = e });
        yield return ("transpose-odd-falling", scalar, new(copy, TestArray.Dense(e, side + 3, side + 1).Flip(0).Transpose(1, 0), TestArray.Dense(e, side + 1, side + 3)));
        if (e <= 8)
        {
            yield return ("every-third", "Pack", Strided(e, 3, 700));
            yield return ("every-second-odd", "Pack", Strided(e, 2, 701));
            yield return ("backwards-by-two", "Pack", new(copy, TestArray.Dense(e, 6, 1500).Slice(1, 1499, -2, 640), TestArray.Dense(e, 6, 640)));
            yield return ("into-every-third", "Unpack", new(copy, TestArray.Dense(e, 6, 704), TestArray.Dense(e, 6, 2112).Slice(1, 1, 3, 704)));
            yield return ("split-channels", "SplitChannels", new(copy, TestArray.Dense(e, 2, 6400, 3).Transpose(0, 2, 1), TestArray.Dense(e, 2, 3, 6400)));
            yield return ("split-channels-odd", "SplitChannels", new(copy, TestArray.Dense(e, 3, 1008, 3).Slice(1, 0, 1, 1003).Transpose(0, 2, 1), TestArray.Dense(e, 3, 3, 1008).Slice(2, 0, 1, 1003)));
            yield return ("split-four", "SplitChannels", new(copy, TestArray.Dense(e, 1, 2720, 2).Transpose(0, 2, 1), TestArray.Dense(e, 1, 2, 2720)));
            yield return ("merge-channels", "MergeChannels", new(copy, TestArray.Dense(e, 2, 3, 6400).Transpose(0, 2, 1), TestArray.Dense(e, 2, 6400, 3)));
            yield return ("merge-channels-odd", "MergeChannels", new(copy, TestArray.Dense(e, 2, 3, 1008).Slice(2, 0, 1, 1003).Transpose(0, 2, 1), TestArray.Dense(e, 2, 1008, 3).Slice(1, 0, 1, 1003)));
            yield return ("small-axes", "TileN", new(copy, TestArray.Dense(e, 5, 7, 3, 11, 6, 4).Transpose(0, 5, 4, 3, 2, 1), TestArray.Dense(e, 5, 4, 6, 11, 3, 7)));
            yield return ("transpose-narrow", e <= 2 ? "TileN" : "TileScalar", Transposed(e, 300, 45) with { SourceShift = e });
            yield return ("small-axes-falling", "TileN", new(copy, TestArray.Dense(e, 9, 12, 8, 10).Flip(0).Flip(1).Transpose(3, 2, 1, 0), TestArray.Dense(e, 10, 8, 12, 9)));
            yield return ("two-groups", "TileN", new(copy, TestArray.Dense(e, 9, 12, 8, 10).Transpose(3, 2, 1, 0), TestArray.Dense(e, 10, 8, 12, 9)));
        }
        if (e < 16)
        {
            yield return ("backwards", "RowsPacked", new(copy, TestArray.Dense(e, 7, 4 * 160 / e).Flip(1), TestArray.Dense(e, 7, 4 * 160 / e)));
            yield return ("backwards-long", "Rows", new(copy, TestArray.Dense(e, 2, 40000 / e / 16 * 16).Flip(1), TestArray.Dense(e, 2, 40000 / e / 16 * 16)));
        }
        yield return ("unpack-shifted", e == 16 ? "Steps" : "Unpack", new(copy, TestArray.Padded(e, e, 5, 333), TestArray.Dense(e, 5, 999).Slice(1, 1, 3, 333), e));
        yield return ("rows-shifted", e <= 2 ? "Pack" : "RowsPacked", new(copy, TestArray.Padded(e, e, 9, 301), TestArray.Padded(e, 3 * e, 9, 301), e, 3 * e));
        yield return ("steps-falling", "Steps", new(copy, TestArray.Dense(e, 2, 7000).Slice(1, 6999, -3, 2301), TestArray.Dense(e, 2, 4603).Slice(1, 0, 2, 2301)));
        yield return ("steps", "Steps", new(copy, TestArray.Dense(e, 5, 3000).Slice(1, 2, 3, 901), TestArray.Dense(e, 5, 1803).Slice(1, 0, 2, 901)));
        yield return ("pack-shifted", e == 16 ? "Steps" : "Pack", Strided(e, 3, 300) with { DestinationShift = e == 16 ? 0 : e });
        yield return ("gather", "Gather", new(copy, TestArray.Dense(e, 6, 10, 8, 9).Slice(3, 8, -3, 3), TestArray.Dense(e, 6, 10, 8, 6).Slice(3, 0, 2, 3)));
        yield return ("broadcast-rows", "Replicate", new(copy, TestArray.Dense(e, 7, 1).Broadcast(1, 1536 / e), TestArray.Dense(e, 7, 1536 / e)));
        yield return ("broadcast-rows-odd", "Replicate", new(copy, TestArray.Dense(e, 7, 1).Broadcast(1, 1000), TestArray.Padded(e, e, 7, 1000)));
        yield return ("broadcast-all", "Replicate", new(copy, TestArray.Dense(e, 1, 1).Broadcast(0, 6).Broadcast(1, 1536 / e), TestArray.Dense(e, 6, 1536 / e)));
        yield return ("broadcast-columns", "RowsPacked", new(copy, TestArray.Dense(e, 1, 160).Broadcast(0, 9), TestArray.Dense(e, 9, 160)));
    }

    private static IEnumerable<(string Name, string Kernel, CopyCase Case)> Special()
    {
        foreach ((int item, int unit) in new[] { (2, 2), (4, 4), (8, 8), (8, 4), (16, 8), (4, 2) })
        {
            CopyOp swap = CopyOp.ByteSwap(item, unit);
            yield return ($"swap-rows-{item}-{unit}", "Rows", new(swap, TestArray.Padded(item, 16, 2, 9000 * 2 / item), TestArray.Dense(item, 2, 9000 * 2 / item)) { });
            yield return ($"swap-shifted-{item}-{unit}", "misaligned", new(swap, TestArray.Dense(item, 5, 40), TestArray.Dense(item, 5, 40), 1, 0));
        }
        foreach (int e in new[] { 2, 4, 8 })
        {
            CopyOp swap = CopyOp.ByteSwap(e, e);
            string tile = e switch { 2 => "Tile2", 4 => "Tile4", _ => "TileLarge" };
            yield return ($"swap-transpose-{e}", tile, Transposed(e, 80, 136) with { Op = swap });
            yield return ($"swap-pack-{e}", "Pack", Strided(e, 2, 301) with { Op = swap });
            yield return ($"swap-unpack-{e}", "Unpack", new(swap, TestArray.Dense(e, 2, 320), TestArray.Dense(e, 2, 960).Slice(1, 0, 3, 320)));
            yield return ($"swap-replicate-{e}", "Replicate", new(swap, TestArray.Dense(e, 3, 1).Broadcast(1, 160), TestArray.Dense(e, 3, 160)));
        }
        foreach (int e in new[] { 3, 6, 12, 24, 5, 7, 48 })
        {
            yield return ($"record-transpose-{e}", "", Transposed(e, 37, 41));
            yield return ($"record-slices-{e}", "", Strided(e, 3, 65));
        }
    }

    private static CopyCase Transposed(int e, long rows, long columns) =>
        new(CopyOp.Copy(e), TestArray.Dense(e, rows, columns).Transpose(1, 0), TestArray.Dense(e, columns, rows));

    private static CopyCase Strided(int e, long step, long count) =>
        new(CopyOp.Copy(e), TestArray.Dense(e, 3, step * count).Slice(1, step - 1, step, count), TestArray.Padded(e, e, 3, count));
}
