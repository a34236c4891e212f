using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

public sealed class CudaBridgeTests(StandInFixture fixture) : StandInTest(fixture)
{
    [Fact]
    public void TheAcceleratorRunsInThePrimaryContext()
    {
        using var library = new ForeignLibrary();
        using CudaBridge bridge = CudaBridge.Create();
        Assert.True(bridge.IsRedirected);
        Assert.Equal(library.Context, bridge.ContextHandle);
        Assert.Equal(library.Context, bridge.Accelerator.NativePtr);
        Assert.Equal(2, FakeCuda.PrimaryReferences(0));
        Assert.Equal(2, CudaBridge.DeviceCount);
        bridge.Dispose();
        Assert.Equal(1, FakeCuda.PrimaryReferences(0));
    }

    [Fact]
    public void CreatingAndDisposingLeavesTheCallersContext()
    {
        Assert.Equal(0, FakeCuda.cuCtxCreate_v2(out nint foreign, 0, 1));
        using (CudaBridge bridge = CudaBridge.Create())
        {
            AssertCurrent(foreign);
            using (bridge.Activate())
                AssertCurrent(bridge.ContextHandle);
            AssertCurrent(foreign);
        }

        AssertCurrent(foreign);
        FakeCuda.cuCtxDestroy_v2(foreign);
    }

    [Fact]
    public void AKernelRunsOnForeignMemoryInPlace()
    {
        using var library = new ForeignLibrary();
        using CudaBridge bridge = CudaBridge.Create();
        using TensorHandle tensor = library.Tensor(DType.Float32, [5, 7]);
        Span<float> values = FakeCuda.Bytes<float>(tensor.Data, 35);
        for (int i = 0; i < 35; i++)
            values[i] = i;
        ArrayView<float> view = bridge.View<float>(tensor);
        Assert.Equal((nint)tensor.Data, view.LoadEffectiveAddressAsPtr());
        using (bridge.Activate())
            bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(35, view);
        Assert.Equal(0, values[0]);
        bridge.Synchronize();
        for (int i = 0; i < 35; i++)
            Assert.Equal(i + 1, values[i]);
    }

    [Fact]
    public void ADeviceThatIsNotThereIsRefusedByName()
    {
        TensorDeviceException error = Assert.Throws<TensorDeviceException>(() => CudaBridge.Create(7));
        Assert.Contains("cuda:7", error.Message);
        Assert.Contains("0 to 1", error.Message);
    }

    private static void AssertCurrent(nint expected)
    {
        FakeCuda.cuCtxGetCurrent(out nint current);
        Assert.Equal(expected, current);
    }
}
