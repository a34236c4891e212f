using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Tests.StandIn;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>The bridge's copies on the driver stand-in: contexts, stream order and memory that comes back.</summary>
public sealed class CudaBridgeCopyTests : StandInTest
{
    private readonly CudaBridge _bridge;

    public CudaBridgeCopyTests(StandInFixture fixture)
        : base(fixture) => _bridge = CudaBridge.Create();

    public override void Dispose()
    {
        _bridge.Dispose();
        base.Dispose();
    }

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
    public void ARepeatedCopyAllocatesNothing()
    {
        using TensorHandle source = _bridge.Allocate<float>(100, 100);
        using TensorHandle target = _bridge.Allocate<float>(100, 100);
        DeviceCopyEngine engine = _bridge.Copies;
        CopyOp op = CopyOp.Copy(4);
        long[] shape = [100, 100];
        long[] turned = [4, 400];
        long[] straight = [400, 4];
        using CudaScope scope = _bridge.Activate();
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            engine.Copy(op, shape, turned, straight, engine.At(source.Data), engine.At(target.Data), _bridge.Accelerator.DefaultStream);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        int kernels = engine.KernelCount;
        Assert.Equal(1, kernels);
    }

    [Fact]
    public void PrewarmLoadsEveryKernelOfASize()
    {
        int kernels = _bridge.Prewarm(4);
        Assert.InRange(kernels, 6, 30);
        Assert.Equal(kernels, _bridge.Prewarm(4));
    }

    private byte[] Read(TensorHandle tensor)
    {
        _bridge.Synchronize();
        return FakeCuda.Bytes<byte>(tensor.Data, (int)tensor.Layout.PayloadBytes).ToArray();
    }
}
