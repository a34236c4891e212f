using System.Runtime.InteropServices;
using CsCheck;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Cuda;

public sealed class CudaCopyTests : StandInTest
{
    private readonly CudaBridge _bridge;

    public CudaCopyTests(StandInFixture fixture)
        : base(fixture) => _bridge = CudaBridge.Create(options: new CudaBridgeOptions { StagingChunkBytes = 256, StagingChunks = 3 });

    public override void Dispose()
    {
        _bridge.Dispose();
        base.Dispose();
    }

    public enum Place
    {
        Host,
        Pinned,
        Managed,
        Device,
    }

    /// <summary>A strided tensor inside a larger block of memory of any kind.</summary>
    private sealed class Block : IDisposable
    {
        private readonly TensorHandle? _owned;
        private readonly HostMemory? _host;
        private readonly nuint _start;
        private readonly int _size;

        public Block(CudaBridge bridge, Place place, DType type, Layout layout)
        {
            (long low, long high) = layout.Extent;
            _size = (int)(high - low);
            if (place == Place.Host)
                _host = new HostMemory(_size);
            else
                _owned = place switch
                {
                    Place.Pinned => bridge.AllocatePinned(DType.UInt8, [_size]),
                    Place.Managed => bridge.AllocateManaged(DType.UInt8, [_size]),
                    _ => bridge.Allocate<byte>(_size),
                };
            _start = _host?.Address ?? _owned!.Data;
            nuint data = _start - (nuint)low;
            Tensor = _host is not null
                ? new TensorHandle(new TensorDescriptor(data, type, layout, Device.Cpu), _host)
                : new TensorHandle(new TensorDescriptor(data, type, layout, _owned!.Device), _owned);
        }

        public TensorHandle Tensor { get; }

        public unsafe Span<byte> Bytes => _host is not null ? new((void*)_start, _size) : FakeCuda.Bytes<byte>(_start, _size);

        public long Base => (long)(Tensor.Data - _start);

        public void Dispose()
        {
            Tensor.Dispose();
            _owned?.Dispose();
        }
    }

    [Fact]
    public void AnyLayoutTravelsBetweenAnyTwoPlaces()
    {
        int[] sizes = [1, 2, 3, 4, 8, 12, 16, 24];
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, sizes.Length - 1], Gen.Int[1, 7].Array[0, 5], Gen.Int[0, int.MaxValue]).Sample(
            (from, to, size, shape, seed) =>
            {
                int item = sizes[size];
                long[] lengths = [.. shape.Select(length => (long)length)];
                var random = new Random(seed);
                using var source = new Block(_bridge, (Place)from, DType.Opaque(item), RandomLayout(lengths, item, random));
                using var target = new Block(_bridge, (Place)to, DType.Opaque(item), RandomLayout(lengths, item, random));
                Check(source, target, random);
            },
            iter: 250,
            threads: 1);
    }

    [Theory]
    [InlineData(Place.Host, Place.Device)]
    [InlineData(Place.Device, Place.Host)]
    public void LargePayloadsGoThroughTheRingManyTimes(Place from, Place to)
    {
        var random = new Random(1);
        using var source = new Block(_bridge, from, DType.Float32, Layout.Contiguous([37, 100], 4));
        using var target = new Block(_bridge, to, DType.Float32, Layout.Contiguous([100, 37], 4).Transpose());
        FakeCuda.Forget();
        Check(source, target, random);
        Assert.True(FakeCuda.Calls("cuMemcpyAsync") >= 37 * 400 / 256);
        Assert.True(FakeCuda.Live(FakeObject.PinnedMemory) == 1);
    }

    [Fact]
    public void PitchedCopiesAreLeftToTheDriver()
    {
        var random = new Random(2);
        using var source = new Block(_bridge, Place.Pinned, DType.Float32, new Layout([5, 32], [256, 4], 4));
        using var target = new Block(_bridge, Place.Device, DType.Float32, new Layout([5, 32], [192, 4], 4));
        FakeCuda.Forget();
        Check(source, target, random);
        Assert.Equal(1, FakeCuda.Calls("cuMemcpy2DAsync_v2"));
        Assert.Equal(0, FakeCuda.Calls("cuLaunchKernel"));
        using var cube = new Block(_bridge, Place.Device, DType.Float32, new Layout([3, 5, 32], [2560, 256, 4], 4));
        using var dense = new Block(_bridge, Place.Managed, DType.Float32, Layout.Contiguous([3, 5, 32], 4));
        FakeCuda.Forget();
        Check(cube, dense, random);
        Assert.Equal(1, FakeCuda.Calls("cuMemcpy3DAsync_v2"));
    }

    [Fact]
    public void SourcesAreBroadcast()
    {
        foreach (Place from in Enum.GetValues<Place>())
            foreach (Place to in Enum.GetValues<Place>())
            {
                using var source = new Block(_bridge, from, DType.Int32, Layout.Contiguous([1, 3], 4));
                using var target = new Block(_bridge, to, DType.Int32, Layout.Contiguous([2, 4, 3], 4));
                MemoryMarshal.Cast<byte, int>(source.Bytes)[0] = 1;
                MemoryMarshal.Cast<byte, int>(source.Bytes)[1] = 2;
                MemoryMarshal.Cast<byte, int>(source.Bytes)[2] = 3;
                _bridge.Copy(source.Tensor, target.Tensor);
                FakeCuda.Advance();
                Assert.Equal(Enumerable.Repeat<int[]>([1, 2, 3], 8).SelectMany(row => row), MemoryMarshal.Cast<byte, int>(target.Bytes).ToArray());
            }
    }

    [Fact]
    public void ElementTypesAreConvertedOnTheWay()
    {
        foreach (Place from in Enum.GetValues<Place>())
            foreach (Place to in Enum.GetValues<Place>())
                foreach ((DType source, DType target) in new[] { (DType.Float64, DType.Float32), (DType.Float32, DType.Float64), (DType.Parse(">f8"), DType.Float64), (DType.Int32, DType.Float64) })
                {
                    using var values = new Block(_bridge, from, source, Layout.Contiguous([3, 5], source.ItemSize));
                    using var results = new Block(_bridge, to, target, Layout.Contiguous([5, 3], target.ItemSize).Transpose());
                    for (int i = 0; i < 15; i++)
                        Write(values.Bytes[(i * source.ItemSize)..], source, i * 3);
                    _bridge.Copy(values.Tensor, results.Tensor);
                    Assert.Equal(0, FakeCuda.Advance());
                    for (int i = 0; i < 3; i++)
                        for (int j = 0; j < 5; j++)
                            Assert.Equal(((i * 5) + j) * 3, Read(results.Bytes[(((j * 3) + i) * target.ItemSize)..], target));
                }

        static void Write(Span<byte> bytes, DType type, double value)
        {
            if (type.Kind == ElementKind.SignedInteger)
                BitConverter.TryWriteBytes(bytes, (int)value);
            else if (type.ItemSize == 4)
                BitConverter.TryWriteBytes(bytes, (float)value);
            else if (type.IsNativeOrder)
                BitConverter.TryWriteBytes(bytes, value);
            else
                System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        }

        static double Read(ReadOnlySpan<byte> bytes, DType type) => type.ItemSize == 4 ? BitConverter.ToSingle(bytes) : BitConverter.ToDouble(bytes);
    }

    [Fact]
    public void OverlappingDeviceMemoryIsCopiedAsIfItDidNot()
    {
        using TensorHandle memory = _bridge.Allocate<int>(10);
        for (int i = 0; i < 10; i++)
            FakeCuda.Bytes<int>(memory.Data, 10)[i] = i;
        using TensorHandle source = new(new TensorDescriptor(memory.Data, DType.Int32, Layout.Contiguous([8], 4), memory.Device), memory);
        using TensorHandle target = new(new TensorDescriptor(memory.Data + 36, DType.Int32, new Layout([8], [-4], 4), memory.Device), memory);
        _bridge.Copy(source, target);
        _bridge.Synchronize();
        Assert.Equal([0, 1, 7, 6, 5, 4, 3, 2, 1, 0], FakeCuda.Bytes<int>(memory.Data, 10).ToArray());
    }

    [Fact]
    public void TheHostWaitsOnlyForOrdinaryHostMemory()
    {
        using CudaStream stream = _bridge.CreateStream();
        using TensorHandle pinned = _bridge.AllocatePinned(DType.Float32, [8]);
        using TensorHandle device = _bridge.Allocate<float>(8);
        FakeCuda.Bytes<float>(pinned.Data, 8).Fill(1);
        FakeCuda.Bytes<float>(device.Data, 8).Fill(2);
        FakeCuda.Forget();
        _bridge.Copy(pinned, device, stream);
        Assert.Equal(0, FakeCuda.Calls("cuStreamSynchronize") + FakeCuda.Calls("cuEventSynchronize") + FakeCuda.Calls("cuCtxSynchronize"));
        Assert.Equal(2f, FakeCuda.Bytes<float>(device.Data, 8)[0]);

        var host = new HostMemory(32);
        using TensorHandle plain = host.Tensor(DType.Float32, [8], [4]);
        _bridge.Copy(device, plain, stream);
        Assert.Equal(1f, host.As<float>(8)[7]);
        host.As<float>(8).Fill(5);
        _bridge.Copy(plain, device, stream);
        host.As<float>(8).Clear();
        FakeCuda.Advance();
        Assert.Equal(5f, FakeCuda.Bytes<float>(device.Data, 8)[3]);
    }

    [Fact]
    public void ACopyWaitsForTheProducerAndTheProducerForTheCopy()
    {
        using var library = new ForeignLibrary();
        nint producer = library.CreateStream();
        using CudaStream stream = _bridge.CreateStream();
        using TensorHandle foreign = library.Tensor(DType.UInt8, [64], producer);
        using TensorHandle result = _bridge.Allocate<byte>(64);
        library.Fill(foreign.Data, 7, 64, producer);
        _bridge.Copy(foreign, result, stream);
        library.Fill(foreign.Data, 9, 64, producer);
        Assert.Equal(0, library.Inside(() => FakeCuda.cuStreamSynchronize(producer)));
        Assert.All(FakeCuda.Bytes<byte>(result.Data, 64).ToArray(), value => Assert.Equal(7, value));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void MemoryMovesBetweenTwoDevices(bool isStrided, bool isPulled)
    {
        using CudaBridge second = CudaBridge.Create(1);
        using var near = new Block(_bridge, Place.Device, DType.Int32, isStrided ? new Layout([4, 6], [4, 16], 4) : Layout.Contiguous([4, 6], 4));
        using var far = new Block(second, Place.Device, DType.Int32, Layout.Contiguous([4, 6], 4));
        FakeCuda.Forget();
        if (isPulled)
            Check(far, near, new Random(3));
        else
            Check(near, far, new Random(3));
        Assert.Equal(1, FakeCuda.Calls("cuMemcpyPeerAsync"));
    }

    [Fact]
    public void EitherSideOfACopyMayBeStridedOnAnotherDevice()
    {
        using CudaBridge second = CudaBridge.Create(1);
        var random = new Random(4);
        var layouts = new[] { Layout.Contiguous([4, 6], 4), new Layout([4, 6], [64, 4], 4), new Layout([4, 6], [4, 16], 4), new Layout([4, 6], [-48, 8], 4) };
        foreach (Layout there in layouts)
        {
            foreach (Layout here in layouts)
            {
                foreach (Place place in Enum.GetValues<Place>())
                {
                    using var far = new Block(second, Place.Device, DType.Int32, there);
                    using var near = new Block(_bridge, place, DType.Int32, here);
                    Check(far, near, random);
                    Check(near, far, random);
                }
                using var from = new Block(second, Place.Device, DType.Int32, there);
                using var to = new Block(second, Place.Device, DType.Int32, here);
                Check(from, to, random);
            }
        }
    }

    [Fact]
    public void CopiesOfAnotherDeviceKeepTheOrderOfTheStream()
    {
        using CudaBridge second = CudaBridge.Create(1);
        using CudaStream stream = _bridge.CreateStream();
        using var far = new Block(second, Place.Device, DType.Int32, new Layout([4, 6], [64, 4], 4));
        using var near = new Block(_bridge, Place.Device, DType.Int32, Layout.Contiguous([4, 6], 4));
        using var back = new Block(_bridge, Place.Device, DType.Int32, Layout.Contiguous([4, 6], 4));
        _bridge.Fill(near.Tensor, 5, stream);
        _bridge.Copy(near.Tensor, far.Tensor, stream);
        _bridge.Fill(near.Tensor, 6, stream);
        _bridge.Copy(far.Tensor, back.Tensor, stream);
        using (_bridge.Activate())
            Assert.Equal(0, FakeCuda.cuStreamSynchronize(stream.StreamPtr));
        Assert.All(MemoryMarshal.Cast<byte, int>(back.Bytes).ToArray(), value => Assert.Equal(5, value));
        Assert.All(MemoryMarshal.Cast<byte, int>(near.Bytes).ToArray(), value => Assert.Equal(6, value));
    }

    [Fact]
    public void TypesAreConvertedOnTheWayToAnotherDevice()
    {
        using CudaBridge second = CudaBridge.Create(1);
        using var near = new Block(_bridge, Place.Device, DType.Int32, Layout.Contiguous([4, 6], 4));
        using var far = new Block(second, Place.Device, DType.Float64, new Layout([4, 6], [8, 64], 8));
        using var back = new Block(_bridge, Place.Host, DType.Int32, Layout.Contiguous([4, 6], 4));
        for (int i = 0; i < 24; i++)
            MemoryMarshal.Cast<byte, int>(near.Bytes)[i] = i * 7;
        _bridge.Copy(near.Tensor, far.Tensor);
        _bridge.Copy(far.Tensor, back.Tensor, casting: CastingRule.Unsafe);
        Assert.Equal(near.Bytes.ToArray(), back.Bytes.ToArray());
    }

    [Fact]
    public void WhatIsMadeForAnotherDeviceGoesWithTheBridge()
    {
        using CudaBridge second = CudaBridge.Create(1);
        using var far = new Block(second, Place.Device, DType.Int32, new Layout([4, 6], [64, 4], 4));
        using (CudaBridge first = CudaBridge.Create())
        {
            using var near = new Block(first, Place.Device, DType.Int32, Layout.Contiguous([4, 6], 4));
            first.Copy(near.Tensor, far.Tensor);
            Assert.Equal(2, FakeCuda.PrimaryReferences(1));
            FakeCuda.Advance();
        }
        Eventually(() => FakeCuda.PrimaryReferences(1), references => references == 1);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        var host = new HostMemory(64);
        using TensorHandle plain = host.Tensor(DType.Float32, [4], [4]);
        using TensorHandle readOnly = host.Tensor(DType.Float32, [4], [4], isReadOnly: true);
        using TensorHandle shared = host.Tensor(DType.Float32, [4], [0]);
        using TensorHandle device = _bridge.Allocate<float>(4);
        using TensorHandle wide = _bridge.Allocate<double>(4);
        using TensorHandle longer = _bridge.Allocate<float>(5);
        using TensorHandle whole = _bridge.Allocate<int>(4);
        Assert.Contains("casting 'same_kind'", Assert.Throws<TensorUnsupportedException>(() => _bridge.Copy(wide, whole)).Message);
        Refused("writable", () => _bridge.Copy(device, readOnly));
        Refused("share memory", () => _bridge.Copy(device, shared));
        Refused("broadcast", () => _bridge.Copy(longer, plain));
        using var freed = new TensorHandle(new TensorDescriptor(unchecked((nuint)0x7e0000000040), DType.Float32, Layout.Contiguous([4], 4), Device.Cuda()));
        Assert.Contains("no memory that CUDA knows", Assert.Throws<TensorDeviceException>(() => _bridge.Copy(freed, plain)).Message);
        using var lost = new TensorHandle(new TensorDescriptor(unchecked((nuint)0x7e0000000040), DType.Float32, Layout.Contiguous([4], 4), Device.Cuda(1)));
        Assert.Contains("no memory that CUDA knows", Assert.Throws<TensorDeviceException>(() => _bridge.Copy(lost, device)).Message);

        static void Refused(string part, Action call) => Assert.Contains(part, Assert.Throws<TensorLayoutException>(call).Message);
    }

    // Random bytes everywhere; after the copy every element is there and every gap is untouched.
    private void Check(Block source, Block target, Random random)
    {
        random.NextBytes(source.Bytes);
        random.NextBytes(target.Bytes);
        byte[] before = source.Bytes.ToArray(), expected = target.Bytes.ToArray();
        int item = source.Tensor.Layout.ItemSize;
        ForEach(source.Tensor.Shape.ToArray(), index =>
            before.AsSpan((int)(source.Base + source.Tensor.Layout.OffsetOf(index)), item).CopyTo(expected.AsSpan((int)(target.Base + target.Tensor.Layout.OffsetOf(index)))));
        _bridge.Copy(source.Tensor, target.Tensor);
        if (target.Tensor.Device.Type != DeviceType.Cpu)
            Assert.Equal(0, FakeCuda.Advance());
        Assert.Equal(expected, target.Bytes.ToArray());
        Assert.Equal(before, source.Bytes.ToArray());
    }

    private static void ForEach(long[] shape, Action<long[]> action)
    {
        var index = new long[shape.Length];
        while (true)
        {
            action(index);
            int axis = shape.Length - 1;
            while (axis >= 0 && ++index[axis] == shape[axis])
                index[axis--] = 0;
            if (axis < 0)
                return;
        }
    }

    // A permutation of dense axes with gaps here and there and some axes running backwards.
    private static Layout RandomLayout(long[] shape, int item, Random random)
    {
        int[] order = [.. Enumerable.Range(0, shape.Length)];
        random.Shuffle(order);
        var strides = new long[shape.Length];
        long stride = item;
        foreach (int axis in order)
        {
            if (random.Next(4) == 0)
                stride += item * random.Next(3);
            strides[axis] = random.Next(4) == 0 ? -stride : stride;
            stride *= shape[axis];
        }

        return new Layout(shape, strides, item);
    }
}
