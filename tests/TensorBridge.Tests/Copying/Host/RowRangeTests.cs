using TensorBridge.Copying;
using TensorBridge.Copying.Host;

namespace TensorBridge.Tests.Copying.Host;

/// <summary>Ranges of rows packed and unpacked piece by piece give what the whole plan gives.</summary>
public unsafe class RowRangeTests
{
    [Fact]
    public void PiecesMakeTheWhole()
    {
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
            CheckPieces(random);
    }

    private static void CheckPieces(Random random)
    {
        int item = 1 << random.Next(5);
        int rank = random.Next(1, 5);
        long[] shape = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, 12))];
        int[] order = [.. Enumerable.Range(0, rank)];
        random.Shuffle(order);
        long[] source = CopyCase.Layout(shape, order, item, _ => random.Next(3) * item, _ => false);
        random.Shuffle(order);
        long[] destination = CopyCase.Layout(shape, order, item, _ => random.Next(3) * item, _ => false);
        byte[] from = new byte[shape.Zip(source, (n, s) => (n - 1) * s).Sum() + item];
        random.NextBytes(from);
        byte[] expected = new byte[shape.Zip(destination, (n, s) => (n - 1) * s).Sum() + item];
        byte[] actual = new byte[expected.Length];
        Plan plan = Planner.GetOrCreate(CopyOp.Copy(item), shape, source, destination);
        fixed (byte* f = from, e = expected, a = actual)
        {
            HostEngine.Execute(plan, f, e);
            long rows = RowRange.Rows(plan);
            byte[] packed = new byte[plan.Bytes];
            for (long row = 0; row < rows;)
            {
                long count = Math.Min(rows - row, random.Next(1, 20));
                long bytes = RowRange.Pack(plan, f, row, count, packed);
                Assert.Equal(count * plan.Extents[0] * plan.WordSize, bytes);
                Assert.Equal(bytes, RowRange.Unpack(plan, packed, row, count, a));
                row += count;
            }
        }
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void RangesOutsideThePlanAreRefused()
    {
        Plan plan = Planner.GetOrCreate(CopyOp.Copy(4), [3, 5], [40, 4], [20, 4]);
        byte[] packed = new byte[60];
        fixed (byte* p = packed)
        {
            nint address = (nint)p;
            Assert.Throws<ArgumentOutOfRangeException>(() => RowRange.Pack(plan, (byte*)address, 2, 2, packed));
            Assert.Throws<ArgumentOutOfRangeException>(() => RowRange.Pack(plan, (byte*)address, 0, 3, packed.AsSpan(0, 59)));
            Assert.Equal(0, RowRange.Pack(plan, (byte*)address, 3, 0, packed));
        }
    }
}
