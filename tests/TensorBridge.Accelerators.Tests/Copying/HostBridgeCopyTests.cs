using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>The bridge's copies on ILGPU's CPU accelerator.</summary>
public sealed class HostBridgeCopyTests : IDisposable
{
    private readonly HostBridge _bridge;

    public HostBridgeCopyTests()
    {
        ThrowingTraceListener.Install();
        _bridge = HostBridge.Create();
    }

    public void Dispose() => _bridge.Dispose();

    [Fact]
    public void TransposeCastAndFill() => BridgeCopyBodies.TransposeCastAndFill(_bridge, Read);

    [Fact]
    public void DenseScattersBack() => BridgeCopyBodies.DenseScattersBack(_bridge, Read);

    [Fact]
    public void Summaries() => BridgeCopyBodies.Summaries(_bridge);

    [Fact]
    public void RecordsGoFieldByField() => BridgeCopyBodies.RecordsGoFieldByField(_bridge, Read);

    [Fact]
    public void OverlapAndViews() => BridgeCopyBodies.OverlapAndViews(_bridge, Read);

    [Fact]
    public void PoolBlocksComeBackToTheirStream()
    {
        using var pool = new StreamPool(_bridge.Accelerator);
        using var other = _bridge.Accelerator.CreateStream();
        var block = pool.Rent(1000, _bridge.Accelerator.DefaultStream);
        Assert.Equal(1024, block.LengthInBytes);
        pool.Return(block, _bridge.Accelerator.DefaultStream);
        Assert.Equal(1024, pool.KeptBytes);
        var foreign = pool.Rent(1000, other);
        Assert.NotSame(block, foreign);
        Assert.Same(block, pool.Rent(900, _bridge.Accelerator.DefaultStream));
        pool.Return(foreign, other);
        pool.Trim();
        Assert.Equal(0, pool.KeptBytes);
        block.Dispose();
        Assert.Equal([512L, 512, 640, 1024, 1280, 1L << 40], new[] { 1, 512, 513, 1000, 1025, 1L << 40 }.Select(StreamPool.BlockSize));
    }

    private static unsafe byte[] Read(TensorHandle tensor) => new Span<byte>((void*)tensor.Data, (int)tensor.Layout.PayloadBytes).ToArray();
}
