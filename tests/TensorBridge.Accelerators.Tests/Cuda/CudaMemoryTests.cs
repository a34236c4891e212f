using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

public sealed class CudaMemoryTests : StandInTest
{
    private readonly ForeignLibrary _library;
    private readonly CudaBridge _bridge;

    public CudaMemoryTests(StandInFixture fixture)
        : base(fixture)
    {
        _library = new ForeignLibrary();
        _bridge = CudaBridge.Create();
    }

    public override void Dispose()
    {
        _bridge.Dispose();
        _library.Dispose();
        base.Dispose();
    }

    [Fact]
    public void StridedForeignMemoryIsNegatedInPlace()
    {
        nuint address = _library.Allocate(48);
        Span<int> values = FakeCuda.Bytes<int>(address, 12);
        for (int i = 0; i < 12; i++)
            values[i] = i;
        // a[::-1, ::2] of a (3, 4) array.
        using var tensor = new TensorHandle(new TensorDescriptor(address + 32, DType.Int32, new Layout([3, 2], [-16, 8], 4), Device.Cuda()));
        StridedView<int, Rank2> view = _bridge.Strided<int, Rank2>(tensor);
        Assert.Equal((nint)address, view.Memory.LoadEffectiveAddressAsPtr());
        using (_bridge.Activate())
            _bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<int, Rank2>>(Kernels.NegateStrided)(6, view);
        _bridge.Synchronize();
        Assert.Equal([0, 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11], FakeCuda.Bytes<int>(address, 12).ToArray());
    }

    [Fact]
    public unsafe void PointersAreProbed()
    {
        nuint device = _library.Allocate(1000);
        CudaPointer pointer = CudaPointer.Probe(device + 8);
        Assert.Equal((CudaMemoryKind.Device, 0, _library.Context, device, 1000UL), (pointer.Kind, pointer.DeviceId, pointer.Context, pointer.RangeStart, pointer.RangeSize));
        Assert.True(pointer.Contains(-8, 992));
        Assert.False(pointer.Contains(-9, 0));
        Assert.False(pointer.Contains(0, 993));
        using TensorHandle pinned = _bridge.AllocatePinned(DType.Float32, [4]);
        Assert.Equal(new Device(DeviceType.CudaHost), CudaPointer.Probe(pinned.Data).Device);
        using TensorHandle managed = _bridge.AllocateManaged(DType.Float32, [4]);
        Assert.Equal(new Device(DeviceType.CudaManaged), CudaPointer.Probe(managed.Data).Device);
        int local = 0;
        Assert.Equal(CudaMemoryKind.Unknown, CudaPointer.Probe((nuint)(&local)).Kind);
    }

    [Fact]
    public unsafe void MemoryThatCannotServeIsRefusedByName()
    {
        using var other = new ForeignLibrary(1);
        float* host = stackalloc float[4];
        var cases = new (nuint Address, string[] Parts)[]
        {
            ((nuint)host, ["0x", "ordinary host memory"]),
            (other.Allocate(64), ["cuda:1", "cuda:0"]),
            (Freed(), ["freed"]),
            (_library.Allocate(12), ["touches bytes 0 to 16", "12 bytes"]),
        };
        foreach ((nuint address, string[] parts) in cases)
        {
            int released = 0;
            using var tensor = new TensorHandle(new TensorDescriptor(address, DType.Float32, Layout.Contiguous([4], 4), Device.Cuda()), null, () => released++);
            string message = Assert.Throws<TensorDeviceException>(() => _bridge.Import(tensor)).Message;
            Assert.All(parts, part => Assert.Contains(part, message));
            Assert.Equal(message, Assert.Throws<TensorDeviceException>(() => _bridge.View<float>(tensor)).Message);
            Assert.Equal(0, released);
        }

        nuint Freed()
        {
            nuint address = _library.Allocate(64);
            _library.Free(address);
            return address;
        }
    }

    [Fact]
    public void MemoryOfAnotherContextIsRefused()
    {
        Assert.Equal(0, FakeCuda.cuCtxCreate_v2(out nint stranger, 0, 0));
        Assert.Equal(0, FakeCuda.cuMemAlloc_v2(out nuint address, 16));
        using var tensor = new TensorHandle(new TensorDescriptor(address, DType.Float32, Layout.Contiguous([4], 4), Device.Cuda()));
        Assert.Contains("another context", Assert.Throws<TensorDeviceException>(() => _bridge.View<float>(tensor)).Message);
        FakeCuda.cuMemFree_v2(address);
        FakeCuda.cuCtxDestroy_v2(stranger);
    }

    [Fact]
    public void ImportNamesTheTrueDevice()
    {
        using TensorHandle managed = _bridge.AllocateManaged(DType.Int32, [4]);
        using TensorHandle described = new(new TensorDescriptor(managed.Data, DType.Int32, Layout.Contiguous([4], 4), Device.Cuda()));
        using TensorHandle imported = _bridge.Import(described);
        Assert.Equal(DeviceType.CudaManaged, imported.Device.Type);
        Assert.Equal(managed.Data, imported.Data);
        using TensorHandle lie = new(new TensorDescriptor(_library.Allocate(16), DType.Int32, Layout.Contiguous([4], 4), new Device(DeviceType.CudaHost)));
        Assert.Contains("the host can read it", Assert.Throws<TensorDeviceException>(() => _bridge.Import(lie)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ManagedAndPinnedMemoryServeBothSides(bool isManaged)
    {
        using TensorHandle tensor = isManaged ? _bridge.AllocateManaged(DType.Float32, [6]) : _bridge.AllocatePinned(DType.Float32, [6]);
        Span<float> host = Host<float>(tensor, 6);
        host.Fill(4);
        using (_bridge.Activate())
            _bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(6, _bridge.View<float>(tensor));
        Assert.Equal(4, host[5]);
        _bridge.Synchronize();
        Assert.Equal(5, host[5]);
        using HostBridge hosts = HostBridge.Create();
        hosts.View<float>(tensor)[0] = 9;
        Assert.Equal(9, host[0]);
    }

    [Fact]
    public void AnImportIsGivenBackBehindPendingWorkAndOnce()
    {
        nint producer = _library.CreateStream();
        using CudaStream stream = _bridge.CreateStream();
        TensorHandle tensor = _bridge.Import(_library.Tensor(DType.Float32, [8], producer));
        nuint address = tensor.Data;
        FakeCuda.PendingFrees();
        using (_bridge.Activate())
            _bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(stream, 8, _bridge.View<float>(tensor, stream));
        tensor.Dispose();
        tensor.Dispose();
        Thread.Sleep(20);
        Assert.Equal(0, _library.Released);
        Assert.Equal(CudaMemoryKind.Device, CudaPointer.Probe(address).Kind);
        FakeCuda.Advance();
        Eventually(() => _library.Released, released => released == 1);
        Assert.Equal(0, FakeCuda.PendingFrees());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AForeignStreamMayGoBeforeTheMemoryUsedOnIt(bool isDone)
    {
        nint producer = _library.CreateStream();
        CudaStream stream = _bridge.WrapStream(producer);
        TensorHandle tensor = _bridge.Import(_library.Tensor(DType.Float32, [6, 8]));
        TensorHandle turned = tensor.Transpose();
        TensorHandle dense = _bridge.ToContiguous(turned, stream: stream);
        TensorHandle unused = _bridge.AllocateOrdered(DType.Float32, [100], stream);
        if (isDone)
            FakeCuda.Advance();
        _library.DestroyStream(producer);
        int failures = _bridge.FailedReleaseCount;
        int waits = FakeCuda.Calls("cuCtxSynchronize");
        foreach (TensorHandle handle in (TensorHandle[])[tensor, turned, dense, unused])
            handle.Dispose();
        FakeCuda.Advance();
        Eventually(() => _library.Released, released => released == 1);
        Eventually(() => FakeCuda.Advance() + FakeCuda.Live(FakeObject.DeviceMemory), live => live == 0);
        Assert.Equal(failures, _bridge.FailedReleaseCount);
        // Nobody asked for a stream that is gone, and nobody waited for the device in its place.
        Assert.Equal(waits, FakeCuda.Calls("cuCtxSynchronize"));
    }

    [Fact]
    public void ABridgeEndsBeforeTheMemoryUsedOnAForeignStream()
    {
        nint producer = _library.CreateStream();
        CudaBridge bridge = CudaBridge.Create();
        TensorHandle tensor = bridge.Import(_library.Tensor(DType.Float32, [8]));
        using (bridge.Use(bridge.WrapStream(producer), tensor))
        {
        }
        bridge.Dispose();
        Assert.Equal(0, _library.Released);
        tensor.Dispose();
        Assert.Equal(1, _library.Released);
    }

    [Fact]
    public void AnIdleImportIsGivenBackAtOnce()
    {
        TensorHandle tensor = _bridge.Import(_library.Tensor(DType.Float32, [8]));
        using TensorHandle slice = tensor.Share();
        tensor.Dispose();
        Assert.Equal(0, _library.Released);
        slice.Dispose();
        Assert.Equal(1, _library.Released);
    }

    [Fact]
    public void DisposingTheBridgeCompletesWhatIsPending()
    {
        CudaBridge bridge = CudaBridge.Create();
        CudaStream stream = bridge.CreateStream();
        TensorHandle tensor = bridge.Import(_library.Tensor(DType.Float32, [8]));
        using (bridge.Activate())
            bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(stream, 8, bridge.View<float>(tensor, stream));
        tensor.Dispose();
        Assert.Equal(0, _library.Released);
        bridge.Dispose();
        Eventually(() => _library.Released, released => released == 1);
        Assert.Equal(0, FakeCuda.PendingFrees());
    }

    [Fact]
    public void AnImportMayOutliveItsBridge()
    {
        CudaBridge bridge = CudaBridge.Create();
        using CudaStream stream = bridge.CreateStream();
        TensorHandle tensor = bridge.Import(_library.Tensor(DType.Float32, [8]));
        bridge.View<float>(tensor, stream);
        bridge.Dispose();
        FakeCuda.Forget();
        tensor.Dispose();
        Assert.Equal(1, _library.Released);
        Assert.DoesNotContain("cuStreamQuery", FakeCuda.Log());
    }

    [Fact]
    public void TheAcceleratorOutlivesItsExports()
    {
        CudaBridge bridge = CudaBridge.Create();
        TensorHandle owned = bridge.Allocate<float>(3, 4);
        TensorHandle held = owned.Share();
        owned.Dispose();
        bridge.Dispose();
        Assert.Equal(["tensor[float32, (3, 4), cuda:0]"], bridge.LiveExports);
        Assert.Equal(CudaMemoryKind.Device, CudaPointer.Probe(held.Data).Kind);
        Assert.Throws<ObjectDisposedException>(() => bridge.View<float>(held));
        Assert.Equal(3, FakeCuda.PrimaryReferences(0));
        held.Dispose();
        Eventually(() => FakeCuda.PrimaryReferences(0), references => references == 2);
        Assert.Empty(bridge.LiveExports);
    }

    [Fact]
    public void ABufferOfIlgpuIsExportedInPlaceAndItsEndIsNoticed()
    {
        MemoryBuffer2D<double, Stride2D.DenseY> buffer;
        using (_bridge.Activate())
            buffer = _bridge.Accelerator.Allocate2DDenseY<double>(new LongIndex2D(3, 5));
        using TensorHandle export = _bridge.Export(buffer.View);
        Assert.Equal((nuint)buffer.NativePtr, export.Data);
        Assert.Equal([3L, 5], export.Shape.ToArray());
        Assert.Equal([40L, 8], export.ByteStrides.ToArray());
        ArrayView2D<double, Stride2D.General> again = _bridge.View2D<double>(export);
        Assert.Equal(buffer.NativePtr, again.BaseView.LoadEffectiveAddressAsPtr());
        buffer.Dispose();
        Assert.Contains("disposed", Assert.Throws<ObjectDisposedException>(() => _bridge.View2D<double>(export)).Message);
    }

    [Fact]
    public void OrderedMemoryComesAndGoesWithItsStream()
    {
        using CudaStream stream = _bridge.CreateStream();
        TensorHandle tensor = _bridge.AllocateOrdered(DType.Float32, [8], stream);
        Assert.Equal(stream.StreamPtr, tensor.Descriptor.Stream);
        using (_bridge.Activate())
            _bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(stream, 8, _bridge.View<float>(tensor, stream));
        tensor.Dispose();
        Assert.Equal(1, FakeCuda.Live(FakeObject.DeviceMemory));
        FakeCuda.Advance();
        Eventually(() => FakeCuda.Advance() + FakeCuda.Live(FakeObject.DeviceMemory), live => live == 0);
        Assert.Equal(0, FakeCuda.PendingFrees());
    }

    [Fact]
    public void AForgottenImportIsGivenBackByTheCollector()
    {
        Forget();
        Eventually(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return _library.Released;
            },
            released => released == 1);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget() => _bridge.View<float>(_bridge.Import(_library.Tensor(DType.Float32, [8])));
    }

    [Fact]
    public void EmptyTensorsNeedNoMemory()
    {
        using TensorHandle tensor = _bridge.Import(new TensorHandle(new TensorDescriptor(0, DType.Float32, Layout.Contiguous([0, 3], 4), Device.Cuda())));
        Assert.Equal(0, _bridge.View<float>(tensor).Length);
        using TensorHandle fresh = _bridge.Allocate<float>(0, 3);
        Assert.Equal(0, _bridge.View<float>(fresh).Length);
    }

    [Fact]
    public void AHundredThousandTensorsLeaveNothing()
    {
        using CudaStream stream = _bridge.CreateStream();
        nint producer = _library.CreateStream();
        nuint address = _library.Allocate(256);
        int released = 0;
        var layout = Layout.Contiguous([8, 8], 4);
        for (int i = 0; i < 100_000; i++)
        {
            var foreign = new TensorHandle(new TensorDescriptor(address, DType.Float32, layout, Device.Cuda(), stream: producer), null, () => Interlocked.Increment(ref released));
            using TensorHandle imported = _bridge.Import(foreign);
            _bridge.View2D<float>(imported, stream);
            _bridge.OrderAfter(imported, stream);
            using TensorHandle owned = i % 10 == 0 ? _bridge.Allocate<float>(16) : _bridge.Import(imported.Share());
            if (i % 1000 == 0)
                FakeCuda.Advance();
        }

        FakeCuda.Advance();
        Eventually(() => released, count => count == 100_000);
        Assert.Empty(_bridge.LiveExports);
        Assert.Equal(1, FakeCuda.Live(FakeObject.DeviceMemory));
    }

    private static unsafe Span<T> Host<T>(TensorHandle tensor, int length)
        where T : unmanaged => new((void*)tensor.Data, length);
}
