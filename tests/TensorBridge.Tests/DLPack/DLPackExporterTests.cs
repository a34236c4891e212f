using CsCheck;
using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

public unsafe class DLPackExporterTests
{
    private static readonly nuint Address = ForeignTensor.Address;

    [Fact]
    public void EveryFieldIsFilled()
    {
        using var handle = new TensorHandle(new TensorDescriptor(Address, DType.Float64, new Layout([3, 4], [8, 24], 8), Device.Cuda(2)));
        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle);
        Assert.Equal((1u, 3u), (export->version.major, export->version.minor));
        Assert.Equal(0UL, export->flags);
        Assert.True(export->manager_ctx is not null);
        ref DLTensor tensor = ref export->dl_tensor;
        Assert.Equal(Address, (nuint)tensor.data);
        Assert.Equal(0UL, tensor.byte_offset);
        Assert.Equal((DLDeviceType.kDLCUDA, 2), (tensor.device.device_type, tensor.device.device_id));
        Assert.Equal(2, tensor.ndim);
        Assert.Equal((3L, 4L), (tensor.shape[0], tensor.shape[1]));
        Assert.Equal((1L, 3L), (tensor.strides[0], tensor.strides[1]));
        export->deleter(export);
    }

    [Fact]
    public void TheLegacyFormSaysTheSame()
    {
        using TensorHandle handle = Host(DType.Int16, [2, 3], [6, 2]);
        DLManagedTensor* export = DLPackExporter.ToLegacyManagedTensor(handle);
        ref DLTensor tensor = ref export->dl_tensor;
        Assert.Equal(Address, (nuint)tensor.data);
        Assert.Equal((DLDeviceType.kDLCPU, 0), (tensor.device.device_type, tensor.device.device_id));
        Assert.Equal(((byte)DLDataTypeCode.kDLInt, (byte)16, (ushort)1), (tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes));
        Assert.Equal((2L, 3L), (tensor.shape[0], tensor.shape[1]));
        Assert.Equal((3L, 1L), (tensor.strides[0], tensor.strides[1]));
        export->deleter(export);
    }

    [Fact]
    public void AHandleAndItsOffsetAreSaidApart()
    {
        using var buffer = new TensorHandle(new TensorDescriptor(Address, DType.Int32, Layout.Contiguous([4, 6], 4), new Device(DeviceType.OpenCL, 1)));
        using TensorHandle part = buffer[1.., 2..];
        using TensorHandle again = part.Share()[2, ..];
        using TensorHandle backwards = buffer[.., ..].View(buffer.Descriptor.With(Address + 92, layout: new Layout([24], [-4], 4)));
        foreach ((TensorHandle tensor, ulong offset) in new[] { (buffer, 0UL), (part, 32UL), (again, 80UL), (backwards, 92UL) })
        {
            DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(tensor);
            Assert.Equal((Address, offset), ((nuint)export->dl_tensor.data, export->dl_tensor.byte_offset));
            export->deleter(export);
            DLManagedTensor* legacy = DLPackExporter.ToLegacyManagedTensor(tensor);
            Assert.Equal((Address, offset), ((nuint)legacy->dl_tensor.data, legacy->dl_tensor.byte_offset));
            legacy->deleter(legacy);
        }
    }

    [Theory]
    [InlineData(new long[] { 3, 4 }, new long[] { -16, 4 }, new long[] { -4, 1 })]
    [InlineData(new long[] { 3, 4 }, new long[] { 0, -8 }, new long[] { 0, -2 })]
    [InlineData(new long[] { 2, 1, 3 }, new long[] { 12, 7, 4 }, new long[] { 3, 3, 1 })] // dense: said in the plain way
    [InlineData(new long[] { 2, 1, 3 }, new long[] { 4, 7, 8 }, new long[] { 1, 1, 2 })]
    [InlineData(new long[] { 1 }, new long[] { 3 }, new long[] { 1 })]
    [InlineData(new long[] { }, new long[] { }, new long[] { })]
    public void StridesBecomeSignedElements(long[] shape, long[] byteStrides, long[] expected)
    {
        using TensorHandle handle = Host(DType.Float32, shape, byteStrides);
        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle);
        Assert.Equal(expected, new ReadOnlySpan<long>(export->dl_tensor.strides, shape.Length).ToArray());
        export->deleter(export);
    }

    [Theory]
    [InlineData(new long[] { 2 }, new long[] { 6 })]
    [InlineData(new long[] { 2, 2 }, new long[] { 16, -5 })]
    public void StridesBetweenElementsAreRefused(long[] shape, long[] byteStrides)
    {
        using TensorHandle handle = Host(DType.Float32, shape, byteStrides);
        Assert.Contains("no multiple", Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToManagedTensor(handle)).Message);
        Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToLegacyManagedTensor(handle));
    }

    [Fact]
    public void WithoutElementsThePointerIsNullAndStridesAreDense()
    {
        using TensorHandle handle = Host(DType.Float32, [3, 0, 2], [1, 2, 3]);
        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle);
        Assert.True(export->dl_tensor.data is null);
        Assert.Equal([2L, 2, 1], new ReadOnlySpan<long>(export->dl_tensor.strides, 3).ToArray());
        export->deleter(export);
    }

    public static TheoryData<string> Unspeakable => ["<M8[ns]", "<m8[s]", "|S4", "<U3", "|V8", ">f4", ">i2"];

    [Theory]
    [MemberData(nameof(Unspeakable))]
    public void WhatDLPackCannotSayIsRefused(string typestr)
    {
        DType type = DType.Parse(typestr);
        using TensorHandle handle = new(new TensorDescriptor(Address, type, Layout.Contiguous([3], type.ItemSize), Device.Cpu));
        Assert.Contains(type.ToString(), Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToManagedTensor(handle)).Message);
        Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToLegacyManagedTensor(handle));
    }

    [Fact]
    public void RecordsAreRefused()
    {
        DType record = DType.Record(8, [new RecordField("x", DType.Float32, 0), new RecordField("y", DType.Float32, 4)]);
        using TensorHandle handle = new(new TensorDescriptor(Address, record, Layout.Contiguous([3], 8), Device.Cpu));
        Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToManagedTensor(handle));
    }

    [Fact]
    public void FlagsAreWritten()
    {
        using TensorHandle handle = Host(DType.Float32, [3], [4]);
        Assert.Equal(DLPackConstants.DLPACK_FLAG_BITMASK_IS_COPIED, FlagsOf(handle, isCopied: true));
        using TensorHandle readOnly = handle.AsReadOnly();
        Assert.Equal(DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY, FlagsOf(readOnly, isCopied: false));
        Assert.Contains("read-only", Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToLegacyManagedTensor(readOnly)).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnExportOutlivesItsHandle(bool isVersioned)
    {
        int released = 0;
        var handle = new TensorHandle(new TensorDescriptor(Address, DType.Float32, Layout.Contiguous([3], 4), Device.Cpu), release: () => released++);
        void* export = isVersioned ? DLPackExporter.ToManagedTensor(handle) : DLPackExporter.ToLegacyManagedTensor(handle);
        handle.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(0, released);
        Delete(export, isVersioned);
        Assert.Equal(1, released);
    }

    [Fact]
    public void DeletersRunOnAnyThreadAtTheSameTime()
    {
        int released = 0;
        var handle = new TensorHandle(new TensorDescriptor(Address, DType.Float32, Layout.Contiguous([3], 4), Device.Cpu), release: () => Interlocked.Increment(ref released));
        nint[] exports = [.. Enumerable.Range(0, 64).Select(_ => (nint)DLPackExporter.ToManagedTensor(handle))];
        handle.Dispose();
        Parallel.ForEach(exports, export => Delete((void*)export, isVersioned: true));
        Assert.Equal(1, released);
    }

    [Fact]
    public void DeletersNeverThrow()
    {
        var handle = new TensorHandle(new TensorDescriptor(Address, DType.Float32, Layout.Contiguous([3], 4), Device.Cpu), release: () => throw new InvalidOperationException("boom"));
        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle);
        handle.Dispose();
        export->deleter(export);
        export = DLPackExporter.ToManagedTensor(Host(DType.Float32, [3], [4]));
        var deleter = export->deleter;
        deleter(export);
        deleter(null);
    }

    [Fact]
    public void ADisposedHandleIsNotExported()
    {
        TensorHandle handle = Host(DType.Float32, [3], [4]);
        handle.Dispose();
        Assert.Throws<ObjectDisposedException>(() => DLPackExporter.ToManagedTensor(handle));
        Assert.Throws<ObjectDisposedException>(() => DLPackExporter.ToLegacyManagedTensor(handle));
        Assert.Throws<ArgumentNullException>(() => DLPackExporter.ToManagedTensor(null!));
    }

    [Fact]
    public void WhatIsExportedComesBackTheSame()
    {
        DType[] types = [DType.Boolean, DType.Int8, DType.Float16, DType.BFloat16, DType.UInt32, DType.Float64, DType.Complex128];
        var axis = Gen.Select(Gen.Long[0, 5], Gen.Long[-40, 40]);
        Gen.Select(axis.Array[0, 6], Gen.Int[0, types.Length - 1], Gen.Bool).Sample((axes, index, isReadOnly) =>
        {
            DType type = types[index];
            var layout = new Layout([.. axes.Select(a => a.Item1)], [.. axes.Select(a => a.Item2 * type.ItemSize)], type.ItemSize);
            using var handle = new TensorHandle(new TensorDescriptor(Address, type, layout, Device.Cpu, isReadOnly));
            using TensorHandle back = DLPackImporter.Import(DLPackExporter.ToManagedTensor(handle));
            Assert.Equal(layout, back.Layout);
            Assert.Equal((type, Device.Cpu, isReadOnly), (back.DType, back.Device, back.IsReadOnly));
            Assert.Equal(layout.ElementCount == 0 ? 0 : Address, back.Data);
            if (!isReadOnly)
            {
                using TensorHandle legacy = DLPackImporter.Import(DLPackExporter.ToLegacyManagedTensor(handle), writable: true);
                Assert.Equal(back.Descriptor, legacy.Descriptor);
            }
        });
    }

    private static TensorHandle Host(DType type, long[] shape, long[] byteStrides) =>
        new(new TensorDescriptor(Address, type, new Layout(shape, byteStrides, type.ItemSize), Device.Cpu));

    private static ulong FlagsOf(TensorHandle handle, bool isCopied)
    {
        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle, isCopied);
        ulong flags = export->flags;
        export->deleter(export);
        return flags;
    }

    private static void Delete(void* export, bool isVersioned)
    {
        if (isVersioned)
            ((DLManagedTensorVersioned*)export)->deleter((DLManagedTensorVersioned*)export);
        else
            ((DLManagedTensor*)export)->deleter((DLManagedTensor*)export);
    }
}
