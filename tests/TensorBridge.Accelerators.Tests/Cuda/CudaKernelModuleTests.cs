using ILGPU;
using TensorBridge.Accelerators.Kernels;
using TensorBridge.Accelerators.Tests.Kernels;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Kernels of modules on device memory, on the driver stand-in: real PTX, deferred streams.</summary>
public sealed class CudaKernelModuleTests : StandInTest
{
    private readonly ForeignLibrary _library = null!;
    private readonly KernelModule _module = null!;

    public CudaKernelModuleTests(StandInFixture fixture)
        : base(fixture)
    {
        _library = new ForeignLibrary();
        _module = KernelModule.Load(Samples.Kernels);
    }

    public override void Dispose()
    {
        _module.Dispose();
        _library.Dispose();
        base.Dispose();
    }

    [Fact]
    public void ALaunchRunsOnTheProducersStreamAndDoesNotWait()
    {
        nint producer = _library.CreateStream();
        using TensorHandle x = _library.Tensor(DType.Float32, [12], producer);
        using TensorHandle y = _library.Tensor(DType.Float32, [3, 4], producer);
        FakeCuda.Bytes<float>(x.Data, 12).Fill(3);
        FakeCuda.Bytes<float>(y.Data, 12).Fill(5);
        _library.Fill(y.Data, 0, 48, producer);
        _module.Kernel("Saxpy").Launch(2.0, x, y);
        FakeCuda.Forget();
        _module.Kernel("Saxpy").Launch(2.0, x, y);
        Assert.Equal(0, FakeCuda.Calls("cuStreamSynchronize") + FakeCuda.Calls("cuCtxSynchronize") + FakeCuda.Calls("cuEventSynchronize"));
        Assert.NotEqual(12f, FakeCuda.Bytes<float>(y.Data, 12)[11]);
        Assert.Equal(0, _library.Inside(() => FakeCuda.cuStreamSynchronize(producer)));
        Assert.All(FakeCuda.Bytes<float>(y.Data, 12).ToArray(), value => Assert.Equal(12f, value));
        FakeCuda.cuCtxGetCurrent(out nint current);
        Assert.Equal(0, current);
    }

    [Fact]
    public void WithoutAStreamTheLaunchWaits()
    {
        using TensorHandle view = _library.Tensor(DType.Int32, [4, 2]);
        FakeCuda.Bytes<int>(view.Data, 8).Fill(3);
        _module.Kernel("Negate").Launch(view);
        Assert.Equal(-3, FakeCuda.Bytes<int>(view.Data, 8)[7]);
        _module.Kernel("AddSpecialized").Launch(10, view);
        Assert.Equal(7, FakeCuda.Bytes<int>(view.Data, 8)[7]);
    }

    [Fact]
    public void GroupedKernelsRunOnTheGivenStream()
    {
        nint stream = _library.CreateStream();
        using TensorHandle view = _library.Tensor(DType.Int32, [64], stream);
        for (int i = 0; i < 64; i++)
            FakeCuda.Bytes<int>(view.Data, 64)[i] = i;
        var options = new LaunchOptions { Grid = new Index3D(2, 1, 1), Group = new Index3D(32, 1, 1), StreamHandle = stream };
        _module.Kernel("ReverseGroups").Launch(options, view);
        _library.Inside(() => FakeCuda.cuStreamSynchronize(stream));
        Assert.Equal([.. Enumerable.Range(0, 32).Reverse(), .. Enumerable.Range(32, 32).Reverse()], FakeCuda.Bytes<int>(view.Data, 64).ToArray());
    }

    [Fact]
    public void AKernelThatDoesNotCompileSpoilsNoOther()
    {
        using TensorHandle view = _library.Tensor(DType.Int32, [4]);
        FakeCuda.Bytes<int>(view.Data, 4).Fill(6);
        _module.Kernel("Divide").Launch(1, view);
        Assert.Throws<TensorUnsupportedException>(() => _module.Kernel("DoesNotCompile").Launch(view));
        _module.Kernel("Divide").Launch(2, view);
        _module.Kernel("MyKernels.Twice(view: tensor[int32, (*)]) over Index1D").Launch(view);
        Assert.Equal(6, FakeCuda.Bytes<int>(view.Data, 4)[3]);
    }

    [Fact]
    public void IlgpusMathematicsIsThere()
    {
        using TensorHandle x = _library.Tensor(DType.Float32, [4]);
        using TensorHandle y = _library.Tensor(DType.Float32, [4]);
        FakeCuda.Bytes<float>(x.Data, 4).Fill(3);
        FakeCuda.Bytes<float>(y.Data, 4).Fill(4);
        _module.Kernel("Distance").Launch(x, y);
        Assert.Equal(5f, FakeCuda.Bytes<float>(y.Data, 4)[3], 1e-5f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DenseParametersAreCopiedOnTheDevice(bool namesStream)
    {
        nint? stream = namesStream ? _library.CreateStream() : null;
        nuint address = _library.Allocate(24);
        FakeCuda.Bytes<int>(address, 6).Fill(-1);
        using var transposed = new TensorHandle(new TensorDescriptor(address, DType.Int32, new Layout([3, 2], [4, 12], 4), Device.Cuda(), stream: stream));
        _module.Kernel("BridgeKernels.Count").Launch(transposed);
        if (stream is { } pending)
            _library.Inside(() => FakeCuda.cuStreamSynchronize(pending));
        Assert.Equal([0, 2, 4, 1, 3, 5], FakeCuda.Bytes<int>(address, 6).ToArray());
    }

    [Fact]
    public void MixedDevicesAreRefusedByName()
    {
        using var second = new ForeignLibrary(1);
        using TensorHandle x = _library.Tensor(DType.Float32, [4]);
        using TensorHandle y = second.Tensor(DType.Float32, [4]);
        string message = Assert.Throws<TensorDeviceException>(() => _module.Kernel("Saxpy").Launch(1, x, y)).Message;
        Assert.Contains("argument 2 'x' tensor[float32, (4,), cuda:0] and argument 3 'y' tensor[float32, (4,), cuda:1] are on different devices", message);
        Assert.Throws<TensorDeviceException>(() => _module.Kernel("Saxpy").Launch(new LaunchOptions { Device = Device.Cpu }, 1, x, x));
    }
}
