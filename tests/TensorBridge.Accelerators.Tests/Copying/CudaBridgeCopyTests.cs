using ILGPU.Runtime.Cuda;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARepeatedCopyOfHandlesAsksTheDriverForNothingButTheLaunch(bool converts)
    {
        using CudaStream stream = _bridge.CreateStream();
        using TensorHandle source = _bridge.Allocate<float>(100, 64);
        using TensorHandle turned = source.View(new TensorDescriptor(source.Data, DType.Float32, new Layout([64, 100], [4, 256], 4), source.Device));
        using TensorHandle target = converts ? _bridge.Allocate<double>(64, 100) : _bridge.Allocate<float>(64, 100);
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            FakeCuda.Forget();
            before = GC.GetAllocatedBytesForCurrentThread();
            _bridge.Copy(turned, target, stream);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1, FakeCuda.Calls("cuLaunchKernel"));
        string[] context = ["cuLaunchKernel", "cuCtxPushCurrent_v2", "cuCtxPopCurrent_v2", "cuCtxSetCurrent", "cuCtxGetCurrent"];
        Assert.Empty(FakeCuda.CallCounts().Keys.Except(context));
    }

    [Fact]
    public void OutputsComeAndGoInTheOrderOfTheirStream()
    {
        using CudaStream stream = _bridge.CreateStream();
        using CudaStream other = _bridge.CreateStream();
        using TensorHandle source = _bridge.Allocate<float>(100, 64);
        using TensorHandle turned = source.View(new TensorDescriptor(source.Data, DType.Float32, new Layout([64, 100], [4, 256], 4), source.Device));
        long bytes = 0;
        for (int i = 0; i < 4; i++)
        {
            FakeCuda.Forget();
            long before = GC.GetAllocatedBytesForCurrentThread();
            _bridge.ToContiguous(turned, stream: stream).Dispose();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // The stream still has all of its work: nothing waited, and the memory went back behind the copy.
        Assert.True(FakeCuda.Pending(stream.StreamPtr) > 0);
        Assert.Equal((1, 1, 1), (FakeCuda.Calls("cuMemAllocAsync"), FakeCuda.Calls("cuLaunchKernel"), FakeCuda.Calls("cuMemFreeAsync")));
        Assert.Equal((0, 0, 0), (FakeCuda.Calls("cuMemAlloc_v2"), FakeCuda.Calls("cuStreamSynchronize"), FakeCuda.Calls("cuLaunchHostFunc")));
        // A handle with its owner and descriptor; no plan, no kernel, no buffer of ILGPU.
        Assert.InRange(bytes, 1, 1500);

        FakeCuda.Forget();
        TensorHandle result = _bridge.ToContiguous(turned, stream: stream);
        _bridge.Copy(result, turned, other);
        result.Dispose();
        Assert.Equal((1, 0), (FakeCuda.Calls("cuMemFreeAsync"), FakeCuda.Calls("cuLaunchHostFunc")));
        _bridge.Synchronize();
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
