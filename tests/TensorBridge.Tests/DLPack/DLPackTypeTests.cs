using TensorBridge.DLPack;

namespace TensorBridge.Tests.DLPack;

/// <summary>Element types through the importer and back through the exporter.</summary>
public unsafe class DLPackTypeTests
{
    public static TheoryData<DLDataTypeCode, int, string> Plain => new()
    {
        { DLDataTypeCode.kDLInt, 8, "int8" },
        { DLDataTypeCode.kDLInt, 16, "int16" },
        { DLDataTypeCode.kDLInt, 32, "int32" },
        { DLDataTypeCode.kDLInt, 64, "int64" },
        { DLDataTypeCode.kDLUInt, 8, "uint8" },
        { DLDataTypeCode.kDLUInt, 16, "uint16" },
        { DLDataTypeCode.kDLUInt, 32, "uint32" },
        { DLDataTypeCode.kDLUInt, 64, "uint64" },
        { DLDataTypeCode.kDLFloat, 16, "float16" },
        { DLDataTypeCode.kDLFloat, 32, "float32" },
        { DLDataTypeCode.kDLFloat, 64, "float64" },
        { DLDataTypeCode.kDLBfloat, 16, "bfloat16" },
        { DLDataTypeCode.kDLComplex, 32, "complex32" },
        { DLDataTypeCode.kDLComplex, 64, "complex64" },
        { DLDataTypeCode.kDLComplex, 128, "complex128" },
        { DLDataTypeCode.kDLBool, 8, "bool" },
        { DLDataTypeCode.kDLFloat8_e3m4, 8, "float8_e3m4" },
        { DLDataTypeCode.kDLFloat8_e4m3, 8, "float8_e4m3" },
        { DLDataTypeCode.kDLFloat8_e4m3b11fnuz, 8, "float8_e4m3b11fnuz" },
        { DLDataTypeCode.kDLFloat8_e4m3fn, 8, "float8_e4m3fn" },
        { DLDataTypeCode.kDLFloat8_e4m3fnuz, 8, "float8_e4m3fnuz" },
        { DLDataTypeCode.kDLFloat8_e5m2, 8, "float8_e5m2" },
        { DLDataTypeCode.kDLFloat8_e5m2fnuz, 8, "float8_e5m2fnuz" },
        { DLDataTypeCode.kDLFloat8_e8m0fnu, 8, "float8_e8m0fnu" },
        { DLDataTypeCode.kDLFloat6_e2m3fn, 6, "float6_e2m3fn" },
        { DLDataTypeCode.kDLFloat6_e3m2fn, 6, "float6_e3m2fn" },
        { DLDataTypeCode.kDLFloat4_e2m1fn, 4, "float4_e2m1fn" },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public void TypesComeInAndGoOutTheSame(DLDataTypeCode code, int bits, string name)
    {
        using ForeignTensor foreign = new ForeignTensor([7]).WithType(code, bits);
        using TensorHandle handle = DLPackImporter.Import(foreign.Versioned);
        Assert.Equal(name, handle.DType.Name);
        Assert.Equal((bits + 7) / 8, handle.DType.ItemSize);
        Assert.Equal(bits < 8, handle.DType.IsPacked);

        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle);
        Assert.Equal(((byte)code, (byte)bits, (ushort)1), (export->dl_tensor.dtype.code, export->dl_tensor.dtype.bits, export->dl_tensor.dtype.lanes));
        export->deleter(export);
    }

    /// <summary>Every other pair of code and bits, codes after 1.3 included.</summary>
    [Fact]
    public void EveryOtherWidthAndCodeIsRefused()
    {
        var known = Plain.Select(row => ((int)row.Data.Item1, row.Data.Item2)).ToHashSet();
        using var foreign = new ForeignTensor([7]);
        int refused = 0;
        for (int code = 0; code < 256; code++)
        {
            for (int bits = 0; bits < 256; bits++)
            {
                if (known.Contains((code, bits)))
                    continue;
                foreign.WithType((DLDataTypeCode)code, bits);
                Assert.Throws<TensorUnsupportedException>(() => DLPackValidator.Describe(in foreign.Tensor, 0));
                refused++;
                if (code > 20 && bits > 8)
                    break;
            }
        }

        Assert.True(refused > 256);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(ushort.MaxValue)]
    public void LanesAreRefused(int lanes)
    {
        using ForeignTensor foreign = new ForeignTensor([7]).WithType(DLDataTypeCode.kDLFloat, 32, lanes);
        Assert.Contains($"lanes is {lanes}", foreign.Refused<TensorUnsupportedException>().Message);
    }

    [Theory]
    [InlineData(DLDataTypeCode.kDLOpaqueHandle, 64)]
    [InlineData(DLDataTypeCode.kDLInt, 4)]
    [InlineData(DLDataTypeCode.kDLFloat, 128)]
    [InlineData(DLDataTypeCode.kDLBool, 1)]
    [InlineData(DLDataTypeCode.kDLFloat6_e2m3fn, 8)]
    [InlineData(DLDataTypeCode.kDLFloat4_e2m1fn, 8)]
    [InlineData((DLDataTypeCode)18, 32)]
    public void RefusedTypesAreGivenBackAndNamed(DLDataTypeCode code, int bits)
    {
        using ForeignTensor foreign = new ForeignTensor([7]).WithType(code, bits);
        string message = foreign.Refused<TensorUnsupportedException>().Message;
        Assert.Contains($"code {(int)code} ", message);
        Assert.Contains($"bits {bits}", message);
    }

    [Theory]
    [InlineData(DLDataTypeCode.kDLFloat4_e2m1fn, 4, 4)]
    [InlineData(DLDataTypeCode.kDLFloat6_e3m2fn, 6, 6)]
    public void PackedElementsShareBytes(DLDataTypeCode code, int bits, long expectedBytes)
    {
        using ForeignTensor foreign = new ForeignTensor([1, 7], [7, 1]).WithType(code, bits);
        TensorDescriptor descriptor = foreign.Accepted();
        Assert.True(descriptor.DType.IsPacked);
        Assert.Equal(expectedBytes, descriptor.ByteLength);
    }

    [Fact]
    public void PackedElementsAreDenseOrRefused()
    {
        using ForeignTensor foreign = new ForeignTensor([4, 6], [1, 4]).WithType(DLDataTypeCode.kDLFloat4_e2m1fn, 4);
        foreign.Refused<TensorUnsupportedException>();
    }

    [Fact]
    public void PaddedElementsHaveAByteEachAndAnyStrides()
    {
        using ForeignTensor foreign = new ForeignTensor([4, 6], [1, 4]).WithType(DLDataTypeCode.kDLFloat4_e2m1fn, 4);
        foreign.Versioned->flags = DLPackConstants.DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED;
        using TensorHandle handle = DLPackImporter.Import(foreign.Versioned);
        Assert.False(handle.DType.IsPacked);
        Assert.Equal(24, handle.Descriptor.ByteLength);

        DLManagedTensorVersioned* export = DLPackExporter.ToManagedTensor(handle);
        Assert.Equal(DLPackConstants.DLPACK_FLAG_BITMASK_IS_SUBBYTE_TYPE_PADDED, export->flags);
        Assert.Equal((1L, 4L), (export->dl_tensor.strides[0], export->dl_tensor.strides[1]));
        export->deleter(export);
        Assert.Contains("packed", Assert.Throws<TensorUnsupportedException>(() => DLPackExporter.ToLegacyManagedTensor(handle)).Message);
    }
}
