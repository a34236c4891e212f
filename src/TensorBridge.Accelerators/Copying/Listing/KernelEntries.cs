using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The kernel family as users meet it: every kernel for every word, with the operations that have code of their own.</summary>
internal static class KernelEntries
{
    private static readonly int[] Sizes = [1, 2, 4, 8, 16];

    public static IReadOnlyList<KernelEntry> All { get; } = [.. Rows(), .. Tiles(), .. OneSided(), .. Shifted(), .. Casts(), .. Backwards(), .. Swaps(), .. CastsElsewhere()];

    private static IEnumerable<KernelEntry> Rows()
    {
        foreach (int size in Sizes)
        {
            Type word = WordTypes.Word(size);
            Type keep = WordTypes.Keep(word);
            yield return new($"Rows{size}", Copying.Rows.WordsEach(size) * size, typeof(Rows), word, word, keep, typeof(Rising), typeof(Axes1));
            yield return new($"RowsPacked{size}", 4 * RowsPacked.GroupsEach(size) * size, typeof(RowsPacked), word, word, keep, typeof(Rising), typeof(Axes1));
            yield return new($"Gather{size}", 4 * size, typeof(Gather), word, word, keep, typeof(Axes4));
            yield return new($"Steps{size}", Steps.WordsEach(size) * size, typeof(Steps), word, word, keep, typeof(Rising), typeof(Axes1));
        }
        foreach (int unit in new[] { 2, 4, 8 })
            yield return new($"RowsSwap{unit}", 64, typeof(Rows), typeof(V16), typeof(V16), WordTypes.Swap(16, unit), typeof(Rising), typeof(Axes1));
        foreach (int size in Sizes.Where(size => size < 16))
            yield return new($"RowsReversed{size}", 64, typeof(Rows), typeof(V16), typeof(V16), WordTypes.Reverse(size), typeof(Falling), typeof(Axes1));
        yield return new("RowsRank8", 64, typeof(Rows), typeof(V16), typeof(V16), typeof(Keep<V16>), typeof(Rising), typeof(Axes8));
        yield return new("GatherRank8", 16, typeof(Gather), typeof(uint), typeof(uint), typeof(Keep<uint>), typeof(Axes8));
        yield return new("GatherRank16", 16, typeof(Gather), typeof(uint), typeof(uint), typeof(Keep<uint>), typeof(AxesPair<Axes8, Axes8>));
    }

    private static IEnumerable<KernelEntry> Tiles()
    {
        yield return new("Tile1", 64, typeof(Tile1), typeof(Rising), typeof(Axes1));
        yield return new("Tile2", 64, typeof(Tile2), typeof(Keep<V16>), typeof(Keep<ushort>), typeof(Rising), typeof(Axes1));
        yield return new("Tile4", 64, typeof(Tile4), typeof(Keep<V16>), typeof(Keep<uint>), typeof(Rising), typeof(Axes1));
        yield return new("Tile4Falling", 64, typeof(Tile4), typeof(Keep<V16>), typeof(Keep<uint>), typeof(Falling), typeof(Axes1));
        yield return new("Tile4Swap", 64, typeof(Tile4), typeof(SwapV16By4), typeof(SwapUInt32), typeof(Rising), typeof(Axes1));
        yield return new("Tile8", 128, typeof(TileLarge), typeof(ulong), typeof(ulong), typeof(Keep<ulong>), typeof(Rising), typeof(Axes1));
        yield return new("Tile16", 64, typeof(TileScalar), typeof(V16), typeof(V16), typeof(Keep<V16>), typeof(Rising), typeof(Axes1));
        yield return new("TileSmall4", 16, typeof(TileScalar), typeof(uint), typeof(uint), typeof(Keep<uint>), typeof(Rising), typeof(Axes1));
        yield return new("TileSmall8", 32, typeof(TileScalar), typeof(ulong), typeof(ulong), typeof(Keep<ulong>), typeof(Rising), typeof(Axes1));
        foreach (int size in new[] { 1, 2, 4 })
        {
            Type word = WordTypes.Word(size);
            yield return new($"TileScalar{size}", TileBytes(size), typeof(TileLarge), word, word, WordTypes.Keep(word), typeof(Rising), typeof(Axes1));
        }
        foreach (int size in Sizes.Where(size => size < 16))
        {
            Type word = WordTypes.Word(size);
            Type unit = WordTypes.Word(Math.Max(4, size));
            yield return new($"SplitChannels{size}", SplitChannels.PieceBytes / KernelCache.Threads, typeof(SplitChannels), word, unit, WordTypes.Unit(size), typeof(Axes1));
            yield return new($"MergeChannels{size}", SplitChannels.PieceBytes / KernelCache.Threads, typeof(MergeChannels), word, unit, WordTypes.Unit(size), typeof(Axes1));
            yield return new($"TileN{size}", TileBytes(size), typeof(TileN), word, word, WordTypes.Keep(word), typeof(Axes1));
        }
    }

    /// <summary>Bytes that a thread moves of a whole tile.</summary>
    private static int TileBytes(int size) => TileLarge.Side(size) * TileLarge.Side(size) / KernelCache.Threads * size;

    private static IEnumerable<KernelEntry> OneSided()
    {
        foreach (int size in Sizes)
        {
            Type word = WordTypes.Word(size);
            Type packer = WordTypes.Packer(size);
            yield return new($"Replicate{size}", 64, typeof(Replicate), word, packer, typeof(Keep<V16>), typeof(Axes1));
            yield return new($"Fill{size}", 64, typeof(Fill), word, packer, typeof(Axes1));
            yield return new($"FillSteps{size}", Steps.WordsEach(size) * size, typeof(FillSteps), word, packer, typeof(Axes1));
            if (size == 16)
                continue;
            yield return new($"Pack{size}", size <= 2 ? 32 : 64, typeof(Pack), word, packer, typeof(Keep<V16>), typeof(Rising), typeof(Axes1));
            yield return new($"PackFalling{size}", size <= 2 ? 32 : 64, typeof(Pack), word, packer, typeof(Keep<V16>), typeof(Falling), typeof(Axes1));
            yield return new($"Unpack{size}", 64, typeof(Unpack), word, packer, typeof(Keep<V16>), typeof(Axes1));
        }
    }

    private static IEnumerable<KernelEntry> Shifted()
    {
        yield return new("RowsShifted1", 32, typeof(Pack), typeof(byte), typeof(ShiftPacker1), typeof(Keep<V16>), typeof(Rising), typeof(Axes1));
        yield return new("RowsShifted2", 32, typeof(Pack), typeof(ushort), typeof(ShiftPacker2), typeof(Keep<V16>), typeof(Rising), typeof(Axes1));
    }

    private static IEnumerable<KernelEntry> Casts()
    {
        (ElementType From, ElementType To)[] pairs =
        [
            (ElementType.Float32, ElementType.Float16), (ElementType.Float16, ElementType.Float32), (ElementType.Float64, ElementType.Float32),
            (ElementType.Float32, ElementType.Float64), (ElementType.Float32, ElementType.BFloat16), (ElementType.BFloat16, ElementType.Float32),
            (ElementType.UInt8, ElementType.Float32), (ElementType.Int64, ElementType.Int32), (ElementType.Boolean, ElementType.UInt8),
        ];
        foreach ((ElementType from, ElementType to) in pairs)
        {
            (Type op, Type source, Type destination) = WordTypes.Cast(CopyOp.Cast(from, to), nativeHalf: true);
            bool duo = Math.Max(from.Size(), to.Size()) == 8;
            Type group = duo ? typeof(Duo<>) : typeof(Quad<>);
            Type wide = (duo ? typeof(DuoOp<,,>) : typeof(QuadOp<,,>)).MakeGenericType(source, destination, op);
            yield return new($"RowsCast{from}To{to}", Copying.Rows.WordsEach((duo ? 2 : 4) * Math.Max(from.Size(), to.Size())) * (duo ? 2 : 4) * to.Size(), typeof(Rows), group.MakeGenericType(source), group.MakeGenericType(destination), wide, typeof(Rising), typeof(Axes1));
        }
    }

    /// <summary>Sources that run backwards, where that is code of its own.</summary>
    private static IEnumerable<KernelEntry> Backwards()
    {
        foreach (int size in Sizes)
        {
            Type word = WordTypes.Word(size);
            yield return new($"StepsFalling{size}", Steps.WordsEach(size) * size, typeof(Steps), word, word, WordTypes.Keep(word), typeof(Falling), typeof(Axes1));
            if (size <= 8)
                yield return new($"TileScalarFalling{size}", TileBytes(size), typeof(TileLarge), word, word, WordTypes.Keep(word), typeof(Falling), typeof(Axes1));
        }
        yield return new("Tile1Falling", 64, typeof(Tile1), typeof(Falling), typeof(Axes1));
        yield return new("Tile2Falling", 64, typeof(Tile2), typeof(Keep<V16>), typeof(Keep<ushort>), typeof(Falling), typeof(Axes1));
        yield return new("Tile16Falling", 64, typeof(TileScalar), typeof(V16), typeof(V16), typeof(Keep<V16>), typeof(Falling), typeof(Axes1));
    }

    private static IEnumerable<KernelEntry> Swaps()
    {
        yield return new("Tile2Swap", 64, typeof(Tile2), typeof(SwapV16By2), typeof(SwapUInt16), typeof(Rising), typeof(Axes1));
        foreach (int size in new[] { 2, 4, 8 })
        {
            Type word = WordTypes.Word(size);
            Type swap = WordTypes.Swap(16, size);
            yield return new($"PackSwap{size}", size <= 2 ? 32 : 64, typeof(Pack), word, WordTypes.Packer(size), swap, typeof(Rising), typeof(Axes1));
            yield return new($"UnpackSwap{size}", 64, typeof(Unpack), word, WordTypes.Packer(size), swap, typeof(Axes1));
            yield return new($"ReplicateSwap{size}", 64, typeof(Replicate), word, WordTypes.Packer(size), swap, typeof(Axes1));
            yield return new($"TileScalarSwap{size}", TileBytes(size), typeof(TileLarge), word, word, WordTypes.Swap(size, size), typeof(Rising), typeof(Axes1));
            yield return new($"TileNSwap{size}", TileBytes(size), typeof(TileN), word, word, WordTypes.Swap(size, size), typeof(Axes1));
        }
    }

    /// <summary>A narrowing and a widening cast where the sides are not both rows.</summary>
    private static IEnumerable<KernelEntry> CastsElsewhere()
    {
        foreach ((ElementType from, ElementType to) in new[] { (ElementType.Float32, ElementType.Float16), (ElementType.Float32, ElementType.Float64), (ElementType.Int32, ElementType.UInt8) })
        {
            (Type op, Type source, Type destination) = WordTypes.Cast(CopyOp.Cast(from, to), nativeHalf: true);
            int wider = Math.Max(from.Size(), to.Size());
            yield return new($"StepsCast{from}To{to}", Steps.WordsEach(wider) * to.Size(), typeof(Steps), source, destination, op, typeof(Rising), typeof(Axes1));
            yield return new($"RowsPackedCast{from}To{to}", 4 * RowsPacked.GroupsEach(Math.Min(from.Size(), to.Size())) * to.Size(), typeof(RowsPacked), source, destination, op, typeof(Rising), typeof(Axes1));
            yield return new($"TileCast{from}To{to}", TileBytes(to.Size()), typeof(TileLarge), source, destination, op, typeof(Rising), typeof(Axes1));
            yield return new($"TileNCast{from}To{to}", TileBytes(to.Size()), typeof(TileN), source, destination, op, typeof(Axes1));
            yield return new($"GatherCast{from}To{to}", 4 * to.Size(), typeof(Gather), source, destination, op, typeof(Axes4));
        }
    }
}
