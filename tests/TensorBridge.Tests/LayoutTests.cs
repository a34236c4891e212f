using CsCheck;

namespace TensorBridge.Tests;

public class LayoutTests
{
    private static readonly Gen<(long[] Shape, long[] Strides, int ItemSize)> SmallLayouts =
        from rank in Gen.Int[0, 4]
        from shape in Gen.Long[0, 4].Array[rank]
        from strides in Gen.Long[-12, 12].Array[rank]
        from itemSize in Gen.Int[1, 4]
        select (shape, strides, itemSize);

    [Fact]
    public void ContiguityFollowsTheRelaxedRule()
    {
        Assert.True(new Layout([3, 4], [16, 4], 4).IsCContiguous);
        Assert.False(new Layout([3, 4], [16, 4], 4).IsFContiguous);
        Assert.True(new Layout([3, 4], [4, 12], 4).IsFContiguous);
        Assert.True(new Layout([1, 4], [999, 4], 4).IsCContiguous);
        Assert.True(new Layout([1, 4], [999, 4], 4).IsFContiguous);
        Assert.True(new Layout([0, 4], [7, 7], 4).IsCContiguous);
        Assert.True(new Layout([], [], 4).IsCContiguous);
        Assert.False(new Layout([4], [-4], 4).IsCContiguous);
    }

    [Fact]
    public void ExtentCountsBothDirections()
    {
        Assert.Equal((-8, 16), new Layout([3, 4], [-4, 4], 4).Extent);
        Assert.Equal((0, 0), new Layout([3, 0], [-4, 4], 4).Extent);
        Assert.Equal((0, 8), new Layout([], [], 8).Extent);
        Assert.Equal((0, 4), new Layout([1], [long.MaxValue], 4).Extent);
    }

    [Fact]
    public void OverflowsAreErrors()
    {
        Assert.Throws<OverflowException>(() => Layout.Contiguous([1L << 32, 1L << 32], 1));
        Assert.Throws<OverflowException>(() => new Layout([3], [long.MaxValue / 2 + 1], 4));
        Assert.Throws<OverflowException>(() => Layout.Contiguous([long.MaxValue], 2));
        Assert.Throws<TensorFormatException>(() => new Layout([-1, -1], [1, 1], 1));
        Assert.Throws<TensorFormatException>(() => new Layout([2], [1, 1], 1));
        Assert.Throws<TensorFormatException>(() => new Layout(new long[65], new long[65], 1));
    }

    [Fact]
    public void UniquenessAgreesWithEnumeration() => SmallLayouts.Sample(
        sample =>
        {
            var layout = new Layout(sample.Shape, sample.Strides, sample.ItemSize);
            Assert.Equal(AllBytes(layout, 0).GroupBy(b => b).All(g => g.Count() == 1), layout.IsUnique);
        },
        iter: 20_000);

    [Fact]
    public void OverlapAgreesWithEnumeration() => Gen.Select(SmallLayouts, SmallLayouts, Gen.Long[-60, 60]).Sample(
        (first, second, distance) =>
        {
            var a = Describe(first, 1_000);
            var b = Describe(second, 1_000 + distance);
            bool expected = AllBytes(a.Layout, 1_000).Intersect(AllBytes(b.Layout, 1_000 + distance)).Any();
            Assert.Equal(expected, MemoryOverlap.Overlaps(a, b));
        },
        iter: 20_000);

    [Fact]
    public void KeepOrderRemovesGapsOnly()
    {
        var transposed = new Layout([3, 4, 5], [8, 400, 48], 8);
        Layout dense = transposed.ToContiguous(Order.K);
        Assert.Equal(new long[] { 8, 120, 24 }, dense.ByteStrides.ToArray());
        Assert.True(dense.IsContiguous(Order.K));
        Assert.False(transposed.IsContiguous(Order.K));
        Assert.True(new Layout([2, 3], [4, 8], 4).IsContiguous(Order.F));
    }

    private static TensorDescriptor Describe((long[] Shape, long[] Strides, int ItemSize) sample, long address) =>
        new((nuint)address, DType.Opaque(sample.ItemSize), new Layout(sample.Shape, sample.Strides, sample.ItemSize), Device.Cpu);

    private static IEnumerable<long> AllBytes(Layout layout, long start)
    {
        IEnumerable<long> offsets = layout.ElementCount == 0 ? [] : [start];
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            long stride = layout.ByteStrides[axis];
            long length = layout.Shape[axis];
            offsets = [.. offsets.SelectMany(o => Enumerable.Range(0, (int)length).Select(i => o + (i * stride)))];
        }

        return offsets.SelectMany(o => Enumerable.Range(0, layout.ItemSize).Select(i => o + i));
    }
}
