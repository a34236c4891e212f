using CsCheck;
using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Drop, flip, sort, fuse, widen, classify.</summary>
public class PlannerTests
{
    [Fact]
    public void DenseCopiesBecomeOneRunOfWideWords()
    {
        Plan plan = Copy(4, [3, 1, 8], [32, 999, 4], [32, 7, 4]);
        Assert.Equal(CopyPath.Contiguous, plan.Path);
        Assert.Equal((1, 16), (plan.Rank, plan.WordSize));
        Assert.Equal([6L], plan.Extents.ToArray());
        Assert.Equal((24L, 96L), (plan.ElementCount, plan.Bytes));
    }

    [Fact]
    public void RunsThatAreNotAMultipleKeepSmallerWords()
    {
        Assert.Equal(4, Copy(4, [3], [4], [4]).WordSize);
        Assert.Equal(2, Copy(1, [6], [1], [1]).WordSize);
        Assert.Equal(1, Copy(1, [7], [1], [1]).WordSize);
    }

    [Fact]
    public void ScalarsHaveOneAxis()
    {
        Plan plan = Copy(8, [], [], []);
        Assert.Equal((CopyPath.Contiguous, 1, 8), (plan.Path, plan.Rank, plan.WordSize));
        Assert.Equal([1L], plan.Extents.ToArray());
    }

    [Fact]
    public void AnEmptyAxisLeavesNothing()
    {
        Plan plan = Copy(4, [3, 0, long.MaxValue], [4, 4, 4], [0, 0, 0]);
        Assert.Equal((CopyPath.Nothing, 0, 0L), (plan.Path, plan.Rank, plan.Bytes));
        Assert.Contains("Nothing", plan.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void NegativeDestinationsAreTurnedRound()
    {
        Plan plan = Copy(4, [10], [4], [-4]);
        Assert.Equal((36L, -36L), (plan.SourceOffset, plan.DestinationOffset));
        Assert.Equal([-4L], plan.SourceStrides.ToArray());
        Assert.Equal([4L], plan.DestinationStrides.ToArray());
        Assert.Equal(CopyPath.Contiguous, Copy(4, [10], [-4], [-4]).Path);
    }

    [Fact]
    public void TransposesTile()
    {
        Plan plan = Copy(4, [100, 200], [4, 400], [800, 4]);
        Assert.Equal((CopyPath.Tile, 1, 4), (plan.Path, plan.TileAxis, plan.WordSize));
        Assert.Equal([200L, 100L], plan.Extents.ToArray());
        Assert.Equal([400L, 4L], plan.SourceStrides.ToArray());
        Assert.Equal([4L, 800L], plan.DestinationStrides.ToArray());
    }

    [Fact]
    public void PairsWidenToAWordAndTheAxisGoes()
    {
        // (100, 200, 2) float32 with the two outer axes exchanged: 8-byte words transpose.
        Plan plan = Copy(4, [100, 200, 2], [8, 800, 4], [1600, 8, 4]);
        Assert.Equal((CopyPath.Tile, 8, 2), (plan.Path, plan.WordSize, plan.Rank));
    }

    [Fact]
    public void ChannelsAreSmallTiles()
    {
        // HWC -> CHW: the spatial axes fuse.
        Plan plan = Copy(1, [3, 64, 64], [1, 192, 3], [4096, 64, 1]);
        Assert.Equal((CopyPath.TileN, 2, 1), (plan.Path, plan.Rank, plan.TileAxis));
        Assert.Equal([4096L, 3L], plan.Extents.ToArray());
    }

    [Fact]
    public void EveryPathHasItsGeometry()
    {
        Assert.Equal(CopyPath.Rows, Copy(4, [8, 128], [1024, 4], [512, 4]).Path);
        Assert.Equal(CopyPath.RowsPacked, Copy(4, [8, 100], [1024, 4], [400, 4]).Path);
        Assert.Equal(CopyPath.Rows, Copy(4, [8, 128], [0, 4], [512, 4]).Path);
        Assert.Equal(CopyPath.Pack, Copy(4, [100], [8], [4]).Path);
        Assert.Equal(CopyPath.Pack, Copy(4, [100], [-4], [4]).Path);
        Assert.Equal(CopyPath.Unpack, Copy(4, [100], [4], [8]).Path);
        Assert.Equal(CopyPath.Gather, Copy(4, [100], [12], [8]).Path);
        Assert.Equal(CopyPath.Fill, Copy(4, [100], [0], [8]).Path);
        Assert.Equal(CopyPath.Replicate, Copy(4, [100, 50], [4, 0], [200, 4]).Path);
    }

    [Theory]
    [InlineData(3, 1, 3)]
    [InlineData(6, 2, 3)]
    [InlineData(12, 4, 3)]
    [InlineData(24, 8, 3)]
    [InlineData(48, 16, 3)]
    [InlineData(65536, 16, 4096)]
    public void OddItemsGetAnAxisOfWords(int item, int word, long count)
    {
        Plan plan = Copy(item, [5, 7], [item, item * 5L], [item * 7L, item]);
        Assert.Equal((word, 3), (plan.WordSize, plan.Rank));
        Assert.Equal(count, plan.Extents[0]);
        Assert.Equal(35L * item, plan.Bytes);
    }

    [Fact]
    public void DevicesGetWordsThatAreAligned()
    {
        CopyOp op = CopyOp.Copy(4);
        Assert.Equal(16, Planner.GetOrCreate(op, [64], [4], [4], 4096, 8192).WordSize);
        Assert.Equal(4, Planner.GetOrCreate(op, [64], [4], [4], 4096, 8196).WordSize);
        Assert.Equal(1, Planner.GetOrCreate(op, [64], [4], [4], 4097, 8196).WordSize);
        Plan odd = Planner.GetOrCreate(op, [8, 8], [4, 33], [32, 4], 4096, 4096);
        Assert.Equal((1, true), (odd.WordSize, odd.IsAligned));
        Assert.False(Planner.GetOrCreate(CopyOp.ByteSwap(4, 4), [64], [4], [4], 4097, 4096).IsAligned);
    }

    [Fact]
    public void ZeroStrideDestinationsAreRefused()
    {
        TensorLayoutException error = Assert.Throws<TensorLayoutException>(() => Copy(4, [3, 5], [20, 4], [0, 4]));
        Assert.Contains("stride 0 on axis 0 of length 3", error.Message, StringComparison.Ordinal);
        Assert.Equal(CopyPath.Contiguous, Copy(4, [1, 5], [20, 4], [0, 4]).Path);
    }

    [Fact]
    public void CastsKeepTheirItems()
    {
        Plan plan = Planner.GetOrCreate(CopyOp.Cast(ElementType.Float64, ElementType.Int16), [4, 5], [40, 8], [10, 2]);
        Assert.Equal((CopyPath.Contiguous, 8, 2), (plan.Path, plan.SourceWordSize, plan.WordSize));
        Assert.Equal([20L], plan.Extents.ToArray());
    }

    [Fact]
    public void APlanMovesEveryByteOnceAndNestsItsStrides() =>
        CopyCases.Of(CopyCases.Copies, CopyCases.Axes).Sample(test =>
        {
            Plan plan = CopyRunner.Plan(test);
            Assert.Equal(test.Shape.Aggregate((long)test.Op.SourceItemSize, (a, b) => a * b), plan.Bytes);
            Assert.True(plan.IsDestinationNested);
            Assert.InRange(plan.Rank, 1, 65);
            for (int axis = 1; axis < plan.Rank; axis++)
                Assert.True(plan.DestinationStrides[axis] >= plan.DestinationStrides[axis - 1] * plan.Extents[axis - 1]);
            Assert.NotEmpty(plan.Explain());
            Assert.InRange(plan.SectorRoof, 0.01, 2.01);
        }, iter: 2000, threads: 1);

    [Fact]
    public void SpansAreThoseOfTheBytesTouched() =>
        CopyCases.Of(CopyCases.Copies, CopyCases.Axes).Sample(test =>
        {
            Plan plan = CopyRunner.Plan(test);
            (long sourceLow, long sourceHigh) = test.Extent(test.SourceStrides, test.Op.SourceItemSize);
            (long low, long high) = test.Extent(test.DestinationStrides, test.Op.DestinationItemSize);
            Assert.Equal((sourceLow, sourceHigh), (plan.SourceOffset + plan.SourceLow, plan.SourceOffset + plan.SourceHigh));
            Assert.Equal((low, high), (plan.DestinationOffset, plan.DestinationOffset + plan.DestinationHigh));
            Assert.True(plan.FitsInt32);
        }, iter: 1000, threads: 1);

    [Fact]
    public void WidePlansAreCutForNarrowIndices()
    {
        Plan plan = Copy(1, [5, 3L << 30, 2], [2, 10, 1], [3L << 33, 2, 1]);
        Assert.False(plan.FitsInt32);
        var slices = new List<Plan>();
        PlanSlicer.CutToInt32(plan, slices);
        Assert.All(slices, slice => Assert.True(slice.FitsInt32));
        Assert.Equal(plan.Bytes, slices.Sum(slice => slice.Bytes));
    }

    [Fact]
    public void TheSameLayoutsShareAPlan()
    {
        Plan first = Copy(4, [31, 17], [4, 124], [68, 4]);
        Copy(4, [31, 18], [4, 124], [72, 4]);
        Assert.Same(first, Copy(4, [31, 17], [4, 124], [68, 4]));
        Plan? other = null;
        var thread = new Thread(() => other = Copy(4, [31, 17], [4, 124], [68, 4]));
        thread.Start();
        thread.Join();
        Assert.Same(first, other);
    }

    [Fact]
    public void PlanningAndHittingTheCacheAllocateNothing()
    {
        long[] shape = [.. Enumerable.Repeat(2L, 16)];
        long[] strides = [.. Enumerable.Range(0, 16).Select(i => 8L << i)];
        long[] geometry = new long[3 * 65];
        CopyOp op = CopyOp.Copy(4);
        for (int i = 0; i < 3; i++)
        {
            Planner.Compute(op, 0, shape, strides, strides, geometry);
            Planner.GetOrCreate(op, shape, strides, strides);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Planner.Compute(op, 0, shape, strides, strides, geometry);
            Planner.GetOrCreate(op, shape, strides, strides);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void PlansExplainThemselves()
    {
        Plan plan = Copy(4, [100, 200], [4, 400], [800, 4]);
        Assert.Equal("copy of 4-byte items: Tile, 4-byte words, extents (200, 100), source (400, 4), destination (4, 800), source unit on axis 1", plan.ToString());
        Assert.Contains("of memcpy", plan.Explain(), StringComparison.Ordinal);
        Assert.Contains("20000 items, 80000 bytes", plan.Explain(), StringComparison.Ordinal);
    }

    private static Plan Copy(int item, long[] shape, long[] source, long[] destination) => Planner.GetOrCreate(CopyOp.Copy(item), shape, source, destination);
}
