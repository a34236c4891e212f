using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

public unsafe class DLPackImporterTests
{
    [Fact]
    public void AddressIsDataPlusByteOffset()
    {
        using var foreign = new ForeignTensor([3, 4], [4, 1]);
        foreign.Tensor.byte_offset = 24;
        TensorDescriptor descriptor = foreign.Accepted();
        Assert.Equal(ForeignTensor.Address + 24, descriptor.Data);
        Assert.Equal(DType.Float32, descriptor.DType);
        Assert.Equal([3L, 4], descriptor.Shape.ToArray());
        Assert.Equal([16L, 4], descriptor.Layout.ByteStrides.ToArray());
        Assert.Equal(Device.Cpu, descriptor.Device);
        Assert.False(descriptor.IsReadOnly);
        Assert.Null(descriptor.Stream);
    }

    [Fact]
    public void OddAddressesAreTaken()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.byte_offset = 3;
        Assert.Equal(ForeignTensor.Address + 3, foreign.Accepted().Data);
    }

    [Fact]
    public void NullStridesMeanRowMajor()
    {
        using var foreign = new ForeignTensor([2, 3, 4]);
        Assert.Equal([48L, 16, 4], foreign.Accepted().Layout.ByteStrides.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RankZeroNeedsNoShape(bool isNull)
    {
        using var foreign = new ForeignTensor([]);
        if (isNull)
            foreign.Tensor.shape = null;
        TensorDescriptor descriptor = foreign.Accepted();
        Assert.Equal(0, descriptor.Layout.Rank);
        Assert.Equal(1, descriptor.Layout.ElementCount);
    }

    [Fact]
    public void StridesAreSignedElements()
    {
        using var foreign = new ForeignTensor([3, 4, 5], [-20, 0, -1]);
        Assert.Equal([-80L, 0, -4], foreign.Accepted().Layout.ByteStrides.ToArray());
    }

    [Fact]
    public void StridesWithoutAStepMeanNothing()
    {
        using var one = new ForeignTensor([1, 4], [long.MaxValue, 1]);
        Assert.True(one.Accepted().Layout.IsCContiguous);
        using var empty = new ForeignTensor([5, 0], [long.MinValue, long.MaxValue]);
        Assert.Equal(0, empty.Accepted().Layout.ElementCount);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    public void WithoutElementsThePointerMeansNothing(long data)
    {
        using var foreign = new ForeignTensor([3, 0, 2]);
        foreign.Tensor.data = (void*)data;
        foreign.Tensor.byte_offset = ulong.MaxValue;
        Assert.Equal(0, foreign.Accepted().ByteLength);
    }

    [Fact]
    public void FlagsAreCarriedAndUnknownOnesIgnored()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Versioned->flags = ulong.MaxValue & ~DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY;
        using (TensorHandle writable = DLPackImporter.Import(foreign.Versioned, out bool isCopied))
        {
            Assert.True(isCopied);
            Assert.False(writable.IsReadOnly);
        }

        foreign.Versioned->flags = DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY;
        using (TensorHandle readOnly = DLPackImporter.Import(foreign.Versioned, out bool isCopied))
        {
            Assert.False(isCopied);
            Assert.True(readOnly.IsReadOnly);
        }

        Assert.Equal(2, foreign.Deleted);
    }

    [Fact]
    public void LegacyIsReadOnlyUnlessTheCallerSaysOtherwise()
    {
        using var foreign = new ForeignTensor([3]);
        using (TensorHandle handle = DLPackImporter.Import(foreign.Legacy))
            Assert.True(handle.IsReadOnly);
        using (TensorHandle handle = DLPackImporter.Import(foreign.Legacy, writable: true))
            Assert.False(handle.IsReadOnly);
        Assert.Equal(2, foreign.Deleted);
    }

    [Fact]
    public void AHigherMinorVersionIsTaken()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Versioned->version.minor = 99;
        Assert.Equal([3L], foreign.Accepted().Shape.ToArray());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(uint.MaxValue)]
    public void AForeignMajorVersionIsGivenBackUnread(uint major)
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Versioned->version.major = major;
        foreign.Versioned->flags = ulong.MaxValue;
        new Span<byte>(&foreign.Versioned->dl_tensor, sizeof(DLTensor)).Fill(0xEE);
        Assert.Contains($"{major}.3", foreign.Refused<TensorUnsupportedException>().Message);
    }

    [Fact]
    public void AMissingDeleterIsNotCalled()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Versioned->deleter = null;
        using (TensorHandle handle = DLPackImporter.Import(foreign.Versioned))
            Assert.Equal(3, handle.ElementCount);
        DLManagedTensor* legacy = foreign.Legacy;
        legacy->deleter = null;
        using (TensorHandle handle = DLPackImporter.Import(legacy))
            Assert.Equal(3, handle.ElementCount);
        foreign.Versioned->version.major = 7;
        Assert.Throws<TensorUnsupportedException>(() => DLPackImporter.Import(foreign.Versioned));
        legacy->dl_tensor.ndim = -1;
        Assert.Throws<TensorFormatException>(() => DLPackImporter.Import(legacy));
        Assert.Equal(0, foreign.Deleted);
    }

    [Fact]
    public void NullIsAnArgumentError()
    {
        Assert.Throws<ArgumentNullException>(() => DLPackImporter.Import((DLManagedTensorVersioned*)null));
        Assert.Throws<ArgumentNullException>(() => DLPackImporter.Import((DLManagedTensor*)null));
    }

    [Theory]
    [InlineData(DLDeviceType.kDLCPU, 0, "cpu")]
    [InlineData(DLDeviceType.kDLCPU, -1, "cpu")]
    [InlineData(DLDeviceType.kDLCUDA, 3, "cuda:3")]
    [InlineData(DLDeviceType.kDLCUDAHost, 0, "cuda_host:0")]
    [InlineData(DLDeviceType.kDLOpenCL, 1, "opencl:1")]
    [InlineData(DLDeviceType.kDLROCM, 0, "rocm:0")]
    [InlineData(DLDeviceType.kDLROCMHost, 0, "rocm_host:0")]
    [InlineData(DLDeviceType.kDLCUDAManaged, 0, "cuda_managed:0")]
    public void DevicesAreTaken(DLDeviceType type, int id, string expected)
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.device = new DLDevice { device_type = type, device_id = id };
        Assert.Equal(expected, foreign.Accepted().Device.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((int)DLDeviceType.kDLVulkan)]
    [InlineData((int)DLDeviceType.kDLMetal)]
    [InlineData((int)DLDeviceType.kDLExtDev)]
    [InlineData((int)DLDeviceType.kDLOneAPI)]
    [InlineData((int)DLDeviceType.kDLTrn)]
    [InlineData(int.MaxValue)]
    public void OtherDevicesAreRefused(int type)
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.device.device_type = (DLDeviceType)type;
        Assert.Contains($"device type {type}", foreign.Refused<TensorDeviceException>().Message);
    }

    [Fact]
    public void NegativeDeviceNumbersAreRefused()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.device = new DLDevice { device_type = DLDeviceType.kDLCUDA, device_id = -1 };
        Assert.Contains("device_id is -1", foreign.Refused<TensorFormatException>().Message);
    }

    [Fact]
    public void AnOpenCLHandleIsNoAddress()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.device.device_type = DLDeviceType.kDLOpenCL;
        foreign.Tensor.byte_offset = 4;
        Assert.Contains("byte_offset is 4", foreign.Refused<TensorUnsupportedException>().Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(65)]
    [InlineData(int.MaxValue)]
    public void ImpossibleRanksAreRefusedBeforeTheShapeIsRead(int ndim)
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.ndim = ndim;
        foreign.Tensor.shape = (long*)0xdead0000;
        Assert.Contains($"ndim is {ndim}", foreign.Refused<TensorFormatException>().Message);
    }

    [Fact]
    public void SixtyFourAxesAreTaken()
    {
        using var foreign = new ForeignTensor([.. Enumerable.Repeat(1L, 64)]);
        Assert.Equal(64, foreign.Accepted().Layout.Rank);
    }

    [Fact]
    public void AMissingShapeIsRefused()
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.shape = null;
        Assert.Contains("shape is NULL", foreign.Refused<TensorFormatException>().Message);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(64UL)]
    public void MissingDataIsRefusedWhateverTheOffset(ulong offset)
    {
        using var foreign = new ForeignTensor([3]);
        foreign.Tensor.data = null;
        foreign.Tensor.byte_offset = offset;
        Assert.Contains("data is NULL", foreign.Refused<TensorFormatException>().Message);
    }

    [Theory]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { -2, -3 })]
    [InlineData(new long[] { 0, -1 })]
    [InlineData(new long[] { long.MinValue, 4 })]
    public void NegativeLengthsAreRefused(long[] shape)
    {
        using var foreign = new ForeignTensor(shape);
        Assert.Contains("shape entry", foreign.Refused<TensorFormatException>().Message);
    }

    [Theory]
    [InlineData(new[] { 1L << 32, 1L << 32 }, null)]
    [InlineData(new[] { 0, 1L << 32, 1L << 32 }, null)]
    [InlineData(new[] { long.MaxValue }, null)]
    [InlineData(new[] { 1L << 62 }, new[] { 0L })]
    [InlineData(new[] { 2L }, new[] { 1L << 61 })]
    [InlineData(new[] { 2L }, new[] { long.MinValue })]
    [InlineData(new[] { 2L, 2 }, new[] { 1L << 60, 1L << 60 })]
    public void NumbersThatWrapAreRefused(long[] shape, long[]? strides)
    {
        using var foreign = new ForeignTensor(shape, strides);
        foreign.Refused<OverflowException>();
    }

    [Fact]
    public void AddressesThatWrapAreRefused()
    {
        using (var high = new ForeignTensor([3]))
        {
            high.Tensor.byte_offset = ulong.MaxValue - ForeignTensor.Address + 1;
            Assert.Contains("byte_offset", high.Refused<OverflowException>().Message);
        }

        using (var last = new ForeignTensor([3]))
        {
            last.Tensor.byte_offset = ulong.MaxValue - ForeignTensor.Address - 8;
            last.Refused<OverflowException>();
        }

        using (var low = new ForeignTensor([2], [-(long)(ForeignTensor.Address / 4) - 1]))
            low.Refused<OverflowException>();
    }

    [Fact]
    public void TheLastViewCallsTheDeleterOnce()
    {
        using var foreign = new ForeignTensor([3]);
        TensorHandle first = DLPackImporter.Import(foreign.Versioned);
        TensorHandle second = first.Share();
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, foreign.Deleted);
        Parallel.For(0, 8, _ => second.Dispose());
        Assert.Equal(1, foreign.Deleted);
    }

    [Fact]
    public void ADroppedHandleIsGivenBackOnce()
    {
        using var foreign = new ForeignTensor([3]);
        Drop(foreign);
        for (int i = 0; i < 10 && foreign.Deleted == 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            SpinWait.SpinUntil(() => foreign.Deleted > 0, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, foreign.Deleted);

        static void Drop(ForeignTensor foreign) => DLPackImporter.Import(foreign.Versioned);
    }

    [Fact]
    public void AValidatorTakesNothingOver()
    {
        using var foreign = new ForeignTensor([3], [2]);
        TensorDescriptor descriptor = DLPackValidator.Describe(in foreign.Tensor, DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY, stream: 2);
        Assert.True(descriptor.IsReadOnly);
        Assert.Equal(2, descriptor.Stream);
        foreign.Tensor.ndim = -1;
        Assert.Throws<TensorFormatException>(() => DLPackValidator.Describe(in foreign.Tensor, 0));
        Assert.Equal(0, foreign.Deleted);
    }
}
