using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

public sealed class CudaStreamTests : StandInTest
{
    private readonly ForeignLibrary _library;
    private readonly CudaBridge _bridge;
    private readonly CudaStream _stream;
    private readonly Action<AcceleratorStream, Index1D, ArrayView<float>> _addOne;

    public CudaStreamTests(StandInFixture fixture)
        : base(fixture)
    {
        _library = new ForeignLibrary();
        _bridge = CudaBridge.Create();
        _stream = _bridge.CreateStream();
        using CudaScope scope = _bridge.Activate();
        _addOne = _bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne);
    }

    public override void Dispose()
    {
        _stream.Dispose();
        _bridge.Dispose();
        _library.Dispose();
        base.Dispose();
    }

    [Theory]
    [InlineData(CudaStreamPolicy.EventOrdered, true)]
    [InlineData(CudaStreamPolicy.Synchronize, true)]
    [InlineData(CudaStreamPolicy.CallersDuty, false)]
    public void OnlyAWaitMakesTheProducersWorkSeen(CudaStreamPolicy policy, bool isSeen)
    {
        nint producer = _library.CreateStream();
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], producer);
        FakeCuda.Bytes<float>(tensor.Data, 8).Fill(100);
        _library.Fill(tensor.Data, 0, 32, producer);
        FakeCuda.Forget();

        _bridge.OrderBefore(tensor, _stream, policy);
        int blocking = FakeCuda.Calls("cuStreamSynchronize") + FakeCuda.Calls("cuCtxSynchronize") + FakeCuda.Calls("cuEventSynchronize");
        Assert.Equal(policy == CudaStreamPolicy.Synchronize ? 1 : 0, blocking);
        Launch(tensor, _stream, CudaStreamPolicy.CallersDuty);
        WaitFor(_stream.StreamPtr);
        Assert.All(FakeCuda.Bytes<float>(tensor.Data, 8).ToArray(), value => Assert.Equal(isSeen ? 1f : 101f, value));
    }

    [Fact]
    public void AViewOrdersByItselfAndNeverBlocks()
    {
        nint producer = _library.CreateStream();
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], producer);
        _library.Fill(tensor.Data, 0, 32, producer);
        FakeCuda.Forget();
        ArrayView<float> view = _bridge.View<float>(tensor, _stream);
        using (_bridge.Activate())
            _addOne(_stream, 8, view);
        Assert.Equal(0, FakeCuda.Calls("cuStreamSynchronize") + FakeCuda.Calls("cuCtxSynchronize") + FakeCuda.Calls("cuEventSynchronize"));
        WaitFor(_stream.StreamPtr);
        Assert.Equal(1f, FakeCuda.Bytes<float>(tensor.Data, 8)[7]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheSpecialStreamNumbersAreProducers(int number)
    {
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], number);
        _library.Fill(tensor.Data, 0, 32, number);
        Launch(tensor, _stream, null);
        WaitFor(_stream.StreamPtr);
        Assert.Equal(1f, FakeCuda.Bytes<float>(tensor.Data, 8)[0]);
    }

    [Fact]
    public void ATensorWithoutAStreamIsUsedAtOnce()
    {
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8]);
        FakeCuda.Forget();
        _bridge.OrderBefore(tensor, _stream);
        _bridge.OrderAfter(tensor, _stream);
        Assert.Equal(0, FakeCuda.Calls("cuEventRecord"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheProducersLaterWorkComesAfterTheLastUse(bool isOrdered)
    {
        nint producer = _library.CreateStream();
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], producer);
        FakeCuda.Bytes<float>(tensor.Data, 8).Fill(1);
        if (isOrdered)
        {
            using CudaUse use = _bridge.Use(_stream, tensor);
            Launch(tensor, _stream, null);
        }
        else
        {
            Launch(tensor, _stream, null);
        }

        _library.Fill(tensor.Data, 0, 32, producer);
        WaitFor(producer);
        WaitFor(_stream.StreamPtr);
        Assert.Equal(isOrdered ? 0f : 1f, FakeCuda.Bytes<float>(tensor.Data, 8)[0]);
    }

    [Fact]
    public void KernelsRunOnAForeignStreamThatOutlivesItsWrapper()
    {
        nint foreign = _library.CreateStream();
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], foreign);
        _library.Fill(tensor.Data, 0, 32, foreign);
        using (CudaStream wrapped = _bridge.WrapStream(foreign))
        {
            FakeCuda.Forget();
            Launch(tensor, wrapped, null);
            Assert.Equal(0, FakeCuda.Calls("cuEventRecord"));
            Assert.Equal(2, FakeCuda.Pending(foreign));
        }

        Assert.Equal(2, FakeCuda.Pending(foreign));
        WaitFor(foreign);
        Assert.Equal(1f, FakeCuda.Bytes<float>(tensor.Data, 8)[3]);
    }

    [Fact]
    public void StreamsThatCannotServeAreRefused()
    {
        Assert.Contains("stream 0", Assert.Throws<TensorDeviceException>(() => _bridge.WrapStream(0)).Message);
        using var other = new ForeignLibrary(1);
        nint stranger = other.CreateStream();
        Assert.Contains("another context", Assert.Throws<TensorDeviceException>(() => _bridge.WrapStream(stranger)).Message);
        TensorDeviceException unknown = Assert.Throws<TensorDeviceException>(() => _bridge.WrapStream(0x123456));
        Assert.Equal(("CUDA_ERROR_INVALID_HANDLE", 400), (unknown.ErrorName, unknown.ErrorCode));
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], 0x123456);
        Assert.Contains("cuStreamGetCtx", Assert.Throws<TensorDeviceException>(() => _bridge.View<float>(tensor, _stream)).Message);
        using HostBridge host = HostBridge.Create();
        Assert.Contains("belongs to", Assert.Throws<TensorDeviceException>(() => _bridge.View<float>(tensor, host.Accelerator.DefaultStream)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AConsumersStreamWaitsForAnExport(bool isOrdered)
    {
        nint consumer = _library.CreateStream();
        using TensorHandle source = _bridge.Allocate<float>(8);
        FakeCuda.Bytes<float>(source.Data, 8).Fill(1);
        ArrayView<float> view = _bridge.View<float>(source, _stream);
        using (_bridge.Activate())
            _addOne(_stream, 8, view);
        using TensorHandle export = _bridge.Export(view, stream: _stream);
        Assert.Equal(_stream.StreamPtr, export.Descriptor.Stream);
        _bridge.OrderConsumer(export, isOrdered ? consumer : -1);
        nuint result = _library.Allocate(32);
        _library.Inside(() => FakeCuda.cuMemcpyAsync(result, export.Data, 32, consumer));
        WaitFor(consumer);
        Assert.Equal(isOrdered ? 2f : 1f, FakeCuda.Bytes<float>(result, 8)[5]);
        Assert.Throws<TensorDeviceException>(() => _bridge.OrderConsumer(export, 0));
        FakeCuda.Advance();
    }

    [Fact]
    public void AProducerOnAnotherDeviceIsWaitedFor()
    {
        using var other = new ForeignLibrary(1);
        nint producer = other.CreateStream();
        nuint flag = other.Allocate(32);
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], producer);
        FakeCuda.Bytes<float>(tensor.Data, 8).Fill(100);
        // A peer copy on the other device's stream writes this device's memory.
        FakeCuda.Bytes<float>(flag, 8).Clear();
        other.Inside(() => FakeCuda.cuMemcpyAsync(tensor.Data, flag, 32, producer));
        int events = FakeCuda.Live(FakeObject.Event);
        Launch(tensor, _stream, null);
        WaitFor(_stream.StreamPtr);
        Assert.Equal(1f, FakeCuda.Bytes<float>(tensor.Data, 8)[0]);
        Assert.True(FakeCuda.Live(FakeObject.Event) <= events + 1);
    }

    [Fact]
    public void TheDefaultStreamIsNamedAsProtocolsNameIt()
    {
        using MemoryBuffer1D<float, Stride1D.Dense> buffer = Allocate(4);
        using TensorHandle export = _bridge.Export(buffer.View.AsContiguous());
        Assert.Equal(1, export.Descriptor.Stream);
    }

    [Fact]
    public void ForeignCodeMayLeaveAnyContextCurrent()
    {
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8], 1);
        Assert.Equal(0, FakeCuda.cuCtxCreate_v2(out nint stranger, 0, 1));
        _library.Fill(tensor.Data, 0, 32, 1);
        for (int i = 0; i < 3; i++)
        {
            FakeCuda.cuCtxSetCurrent(stranger);
            ArrayView<float> view = _bridge.View<float>(tensor, _stream);
            AssertCurrent(stranger);
            using (_bridge.Activate())
                _addOne(_stream, 8, view);
            AssertCurrent(stranger);
            using TensorHandle fresh = _bridge.Allocate<float>(8);
            Assert.Equal(_bridge.ContextHandle, CudaPointer.Probe(fresh.Data).Context);
            AssertCurrent(stranger);
        }

        _bridge.Synchronize();
        AssertCurrent(stranger);
        Assert.Equal(3f, FakeCuda.Bytes<float>(tensor.Data, 8)[0]);
        FakeCuda.cuCtxDestroy_v2(stranger);
    }

    [Fact]
    public void EveryEntryLeavesTheCallersContext()
    {
        Assert.Equal(0, FakeCuda.cuCtxCreate_v2(out nint stranger, 0, 1));
        nint producer = _library.CreateStream();
        var host = new HostMemory(32);
        using TensorHandle plain = host.Tensor(DType.Float32, [8], [4]);
        TensorHandle foreign = _library.Tensor(DType.Float32, [8], producer);
        TensorHandle? imported = null, owned = null, ordered = null, pinned = null, managed = null;
        CudaBridge? second = null;
        var entries = new (string Name, Action Call)[]
        {
            ("Create", () => second = CudaBridge.Create()),
            ("Import", () => imported = _bridge.Import(foreign)),
            ("View", () => _bridge.View<float>(imported!, _stream)),
            ("Strided", () => _bridge.Strided<float, Rank2>(imported!, _stream)),
            ("OrderAfter", () => _bridge.OrderAfter(imported!, _stream)),
            ("OrderConsumer", () => _bridge.OrderConsumer(imported!, 1)),
            ("Use", () => _bridge.Use(_stream, imported!).Dispose()),
            ("Allocate", () => owned = _bridge.Allocate<float>(8)),
            ("AllocateOrdered", () => ordered = _bridge.AllocateOrdered(DType.Float32, [8], _stream)),
            ("AllocatePinned", () => pinned = _bridge.AllocatePinned(DType.Float32, [8])),
            ("AllocateManaged", () => managed = _bridge.AllocateManaged(DType.Float32, [8])),
            ("Copy in", () => _bridge.Copy(plain, owned!, _stream)),
            ("Copy on the device", () => _bridge.Copy(owned!, ordered!, _stream)),
            ("Copy out", () => _bridge.Copy(owned!, plain, _stream)),
            ("Export", () => _bridge.Export(_bridge.View<float>(owned!), stream: _stream).Dispose()),
            ("ShareIpc", () => _bridge.ShareIpc(owned!)),
            ("WrapStream", () => _bridge.WrapStream(producer)),
            ("Probe", () => CudaPointer.Probe(owned!.Data)),
            ("Activate", () => _bridge.Activate().Dispose()),
            ("Synchronize", _bridge.Synchronize),
            ("a refusal", () => Assert.Throws<TensorDeviceException>(() => _bridge.WrapStream(0x9999))),
            ("release of an import", () => imported!.Dispose()),
            ("release of allocations", () => Array.ForEach([owned!, ordered!, pinned!, managed!], tensor => tensor.Dispose())),
            ("Dispose", () => second!.Dispose()),
        };
        foreach ((string name, Action call) in entries)
        {
            call();
            FakeCuda.cuCtxGetCurrent(out nint current);
            Assert.True(stranger == current, $"{name} left context 0x{current:x}");
        }

        FakeCuda.Advance();
        FakeCuda.cuCtxDestroy_v2(stranger);
    }

    [Fact]
    public void AFreshThreadNeedsNoPreparation()
    {
        using TensorHandle tensor = _library.Tensor(DType.Float32, [8]);
        FakeCuda.Bytes<float>(tensor.Data, 8).Clear();
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => Launch(tensor, _stream, null)));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        WaitFor(_stream.StreamPtr);
        Assert.Equal(1f, FakeCuda.Bytes<float>(tensor.Data, 8)[0]);
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Allocate(int length)
    {
        using CudaScope scope = _bridge.Activate();
        return _bridge.Accelerator.Allocate1D<float>(length);
    }

    // With a policy the view is made over a tensor that names no stream, so that only the test orders.
    private void Launch(TensorHandle tensor, CudaStream stream, CudaStreamPolicy? policy)
    {
        TensorDescriptor d = tensor.Descriptor;
        using var quiet = new TensorHandle(new TensorDescriptor(d.Data, d.DType, d.Layout, d.Device));
        ArrayView<float> view = _bridge.View<float>(policy is null ? tensor : quiet, stream);
        using CudaScope scope = _bridge.Activate();
        _addOne(stream, 8, view);
    }

    private void WaitFor(nint stream) => Assert.Equal(0, _library.Inside(() => FakeCuda.cuStreamSynchronize(stream)));

    private static void AssertCurrent(nint expected)
    {
        FakeCuda.cuCtxGetCurrent(out nint current);
        Assert.Equal(expected, current);
    }
}
