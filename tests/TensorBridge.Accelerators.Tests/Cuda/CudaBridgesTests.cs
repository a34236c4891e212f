using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>One bridge per device, on demand: the driver says which device holds a tensor, and whose stream a number names.</summary>
public sealed class CudaBridgesTests(StandInFixture fixture) : StandInTest(fixture)
{
    [Fact]
    public void ABridgeIsMadeOncePerDevice()
    {
        using var bridges = new CudaBridges();
        using var near = new ForeignLibrary();
        using var far = new ForeignLibrary(1);
        using TensorHandle here = near.Tensor(DType.Int32, [4]);
        using TensorHandle there = far.Tensor(DType.Int32, [4]);
        Assert.Same(bridges.For(1), bridges.Of(there.Descriptor));
        Assert.NotSame(bridges.For(1), bridges.Of(here.Descriptor));
        // The CUDA array interface has no place for the device's number.
        Assert.Same(bridges.For(1), bridges.Of(new TensorDescriptor(there.Data, DType.Int32, there.Layout, Device.Cuda())));
        Assert.Contains("cuda:2", Assert.Throws<TensorDeviceException>(() => bridges.For(2)).Message);
        var host = new HostMemory(16);
        using TensorHandle plain = host.Tensor(DType.Int32, [4], [4]);
        Assert.Contains("cpu", Assert.Throws<TensorDeviceException>(() => bridges.Of(plain.Descriptor)).Message);
        var lying = new TensorDescriptor(plain.Data, DType.Int32, plain.Layout, Device.Cuda());
        Assert.Contains("no memory that CUDA knows", Assert.Throws<TensorDeviceException>(() => bridges.Of(lying)).Message);
        Assert.Same(bridges.Stream(bridges.For(0), 1), bridges.Stream(bridges.For(0), 1));
        bridges.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bridges.For(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AConsumersStreamWaitsOnTheTensorsOwnDevice(int device)
    {
        using var bridges = new CudaBridges();
        using var library = new ForeignLibrary(device);
        nint theirs = library.CreateStream();
        using TensorHandle tensor = library.Tensor(DType.UInt8, [16], stream: 1);
        nuint copy = library.Allocate(16);
        library.Fill(tensor.Data, 7, 16, 1);
        int synchronized = FakeCuda.Calls("cuStreamSynchronize") + FakeCuda.Calls("cuCtxSynchronize");
        bridges.OrderConsumer(new TensorDescriptor(tensor.Data, DType.UInt8, tensor.Layout, Device.Cuda(), stream: 1), theirs);
        Assert.Equal(synchronized, FakeCuda.Calls("cuStreamSynchronize") + FakeCuda.Calls("cuCtxSynchronize"));
        library.Inside(() => FakeCuda.cuMemcpyAsync(copy, tensor.Data, 16, theirs));
        library.Inside(() => FakeCuda.cuStreamSynchronize(theirs));
        Assert.All(FakeCuda.Bytes<byte>(copy, 16).ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void TextsAreReadBehindPendingWork()
    {
        using var bridges = new CudaBridges();
        using var library = new ForeignLibrary(1);
        nint stream = library.CreateStream();
        using TensorHandle tensor = library.Tensor(DType.UInt8, [2, 3], stream);
        library.Fill(tensor.Data, 9, 6, stream);
        Assert.Contains("[[9, 9, 9],", tensor.ToText(bridges.Read));
    }

    [Fact]
    public void CopiesBetweenDevicesAreOrderedWithBothDefaultStreams()
    {
        using var bridges = new CudaBridges();
        using var library = new ForeignLibrary(1);
        CudaBridge near = bridges.For(0);
        using TensorHandle source = library.Tensor(DType.UInt8, [16], stream: 1);
        using TensorHandle target = near.AllocateOrdered(DType.UInt8, [16], bridges.Stream(near, 1));
        library.Fill(source.Data, 5, 16, 1);
        near.Copy(source, target, bridges.Stream(near, 1));
        library.Fill(source.Data, 6, 16, 1);
        library.Inside(() => FakeCuda.cuStreamSynchronize(1));
        Assert.All(FakeCuda.Bytes<byte>(target.Data, 16).ToArray(), value => Assert.Equal(5, value));
        Assert.All(FakeCuda.Bytes<byte>(source.Data, 16).ToArray(), value => Assert.Equal(6, value));
    }
}
