namespace TensorBridge.Accelerators.Tests.StandIn;

/// <summary>Plays CuPy or PyTorch: memory and streams of its own in a device's primary context.</summary>
internal sealed class ForeignLibrary : IDisposable
{
    private readonly int _device;
    private readonly List<nuint> _memory = [];
    private readonly List<nint> _streams = [];

    public ForeignLibrary(int device = 0)
    {
        _device = device;
        Assert.Equal(0, FakeCuda.cuDevicePrimaryCtxRetain(out nint context, device));
        Context = context;
    }

    public nint Context { get; }

    /// <summary>How many tensors have been given back.</summary>
    public int Released => Volatile.Read(ref _released);

    private int _released;

    public nuint Allocate(int bytes)
    {
        nuint address = Inside(() =>
        {
            Assert.Equal(0, FakeCuda.cuMemAlloc_v2(out nuint memory, (nuint)bytes));
            return memory;
        });
        _memory.Add(address);
        return address;
    }

    public nint CreateStream(uint flags = 1)
    {
        nint stream = Inside(() =>
        {
            Assert.Equal(0, FakeCuda.cuStreamCreate(out nint created, flags));
            return created;
        });
        _streams.Add(stream);
        return stream;
    }

    /// <summary>Destroys a stream, as a library does when the object behind it is collected; its work goes on.</summary>
    public void DestroyStream(nint stream)
    {
        Assert.True(_streams.Remove(stream));
        Assert.Equal(0, Inside(() => FakeCuda.cuStreamDestroy_v2(stream)));
    }

    /// <summary>Enqueues a fill, as a producer's kernel would.</summary>
    public void Fill(nuint address, byte value, int bytes, nint stream) =>
        Inside(() => FakeCuda.cuMemsetD8Async(address, value, (nuint)bytes, stream));

    public void Free(nuint address)
    {
        Assert.True(_memory.Remove(address));
        Assert.Equal(0, Inside(() => FakeCuda.cuMemFree_v2(address)));
    }

    /// <summary>A tensor over this library's memory; giving it back frees the memory, as a garbage-collected array would.</summary>
    public TensorHandle Tensor(DType type, long[] shape, nint? stream = null, bool isReadOnly = false)
    {
        var layout = Layout.Contiguous(shape, type.ItemSize);
        nuint address = Allocate((int)layout.PayloadBytes);
        return new TensorHandle(new TensorDescriptor(address, type, layout, Device.Cuda(_device), isReadOnly, stream), null, () =>
        {
            lock (_memory)
                Free(address);
            Interlocked.Increment(ref _released);
        });
    }

    public T Inside<T>(Func<T> action)
    {
        Assert.Equal(0, FakeCuda.cuCtxPushCurrent_v2(Context));
        try
        {
            return action();
        }
        finally
        {
            FakeCuda.cuCtxPopCurrent_v2(out _);
        }
    }

    public void Dispose()
    {
        Inside(() =>
        {
            foreach (nint stream in _streams)
                FakeCuda.cuStreamDestroy_v2(stream);
            foreach (nuint address in _memory)
                FakeCuda.cuMemFree_v2(address);
            return 0;
        });
        FakeCuda.cuDevicePrimaryCtxRelease_v2(_device);
    }
}
