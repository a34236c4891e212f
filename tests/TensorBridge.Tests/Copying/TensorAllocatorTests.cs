using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Alignment, reuse and bounds of the output allocator.</summary>
public unsafe class TensorAllocatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(3_000_000)]
    public void MemoryIsAligned(long bytes)
    {
        var allocator = new TensorAllocator(0);
        using TensorHandle tensor = allocator.Allocate(DType.UInt8, [bytes]);
        Assert.Equal(0u, tensor.Data % 64);
        if (bytes >= 2 << 20)
            Assert.Equal(0u, tensor.Data % (2u << 20));
        new Span<byte>((void*)tensor.Data, (int)bytes).Fill(1);
    }

    [Fact]
    public void BlocksAreReusedWithinTheBound()
    {
        var allocator = new TensorAllocator(8 << 20);
        nuint address;
        using (TensorHandle first = allocator.Allocate(DType.UInt8, [3 << 20]))
            address = first.Data;
        Assert.InRange(allocator.PooledBytes, 3 << 20, 4 << 20);
        using (TensorHandle again = allocator.Allocate(DType.UInt8, [(3 << 20) - 1000]))
            Assert.Equal(address, again.Data);
        allocator.Allocate(DType.UInt8, [7 << 20]).Dispose();
        Assert.InRange(allocator.PooledBytes, 7 << 20, 8 << 20);
        allocator.Allocate(DType.UInt8, [9 << 20]).Dispose();
        Assert.InRange(allocator.PooledBytes, 0, 8 << 20);
        allocator.MaxPooledBytes = 0;
        Assert.Equal(0, allocator.PooledBytes);
    }

    [Fact]
    public void ZeroedMemoryIsZeroAlsoWhenReused()
    {
        var allocator = new TensorAllocator(8 << 20);
        foreach (int bytes in new[] { 100, 100_000, 3 << 20 })
        {
            for (int round = 0; round < 2; round++)
            {
                using TensorHandle tensor = allocator.Allocate(DType.UInt8, [bytes], zero: true);
                var span = new Span<byte>((void*)tensor.Data, bytes);
                Assert.Equal(-1, span.IndexOfAnyExcept((byte)0));
                span.Fill(0xFF);
            }
        }
    }

    [Fact]
    public void OrdersAreHonoured()
    {
        using TensorHandle fortran = TensorAllocator.Shared.Allocate(DType.Int16, [2, 3], Order.F);
        Assert.True(fortran.Layout.IsFContiguous);
        Assert.Equal([2L, 4L], fortran.ByteStrides.ToArray());
    }

    [Fact]
    public void BlocksGoBackFromAnyThread()
    {
        var allocator = new TensorAllocator(64 << 20);
        Parallel.For(0, 200, i =>
        {
            using TensorHandle tensor = allocator.Allocate(DType.UInt8, [((i % 5) + 1) * 100_000]);
            new Span<byte>((void*)tensor.Data, 100_000).Fill((byte)i);
            Assert.Equal(-1, new Span<byte>((void*)tensor.Data, 100_000).IndexOfAnyExcept((byte)i));
        });
        Assert.InRange(allocator.PooledBytes, 1, 64 << 20);
    }
}
