using System.Runtime.InteropServices;
using System.Text.Json;

namespace TensorBridge.Tests.Protocols;

public unsafe class ArrayInterfaceTests
{
    [Fact]
    public void OpensTheTextThatPythonPrints()
    {
        TensorDescriptor d = ArrayInterface.Describe("{'data': (140352, False), 'strides': None, 'descr': [('', '<f4')], 'typestr': '<f4', 'shape': (3, 4), 'version': 3}");
        Assert.Equal((nuint)140352, d.Data);
        Assert.Equal(DType.Float32, d.DType);
        Assert.Equal(new long[] { 3, 4 }, d.Shape.ToArray());
        Assert.Equal(new long[] { 16, 4 }, d.Layout.ByteStrides.ToArray());
        Assert.False(d.IsReadOnly);
        Assert.Equal(Device.Cpu, d.Device);
    }

    [Fact]
    public void OpensJsonAndDictionariesAlike()
    {
        const string Json = """{"data": [140352, true], "strides": [-4], "typestr": "<f4", "shape": [3], "version": 3}""";
        TensorDescriptor expected = ArrayInterface.Describe(Json);
        Assert.True(expected.IsReadOnly);
        Assert.Equal(new long[] { -4 }, expected.Layout.ByteStrides.ToArray());
        var dictionary = new Dictionary<string, object?>
        {
            ["data"] = ((nint)140352, true),
            ["strides"] = new int[] { -4 },
            ["typestr"] = "<f4",
            ["shape"] = new List<long> { 3 },
            ["other"] = new object(),
        };
        Assert.Equal(expected, ArrayInterface.Describe(dictionary));
        Assert.Equal(expected, ArrayInterface.Describe(JsonSerializer.Deserialize<Dictionary<string, object?>>(Json)!));
    }

    [Fact]
    public void ABareDictionaryGivesTheArray()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        fixed (float* pointer = values)
        {
            using TensorHandle handle = ArrayInterface.Open(new Dictionary<string, object?>
            {
                ["data"] = ((nuint)pointer, false),
                ["shape"] = (2, 3),
                ["typestr"] = "<f4",
            });
            Assert.Equal(6f, ((float*)handle.Data)[5]);
            using TensorHandle same = ArrayInterface.FromPointer((nint)pointer, "<f4", [2, 3], null);
            Assert.Equal(handle.Descriptor, same.Descriptor);
            Assert.Equal(handle.Descriptor, ArrayInterface.Describe(ArrayInterface.ToText(handle)));
            Assert.Equal(handle.Descriptor, ArrayInterface.Describe(ArrayInterface.ToDictionary(handle)));
        }
    }

    [Fact]
    public void BuffersArePinnedAndBounded()
    {
        byte[] bytes = new byte[16];
        var dictionary = new Dictionary<string, object?> { ["data"] = bytes, ["shape"] = new[] { 3 }, ["typestr"] = "<i4", ["offset"] = 4 };
        using (TensorHandle handle = ArrayInterface.Open(dictionary))
        {
            ((int*)handle.Data)[2] = 77;
            Assert.Equal(77, MemoryMarshal.Cast<byte, int>(bytes)[3]);
        }

        foreach ((int offset, long[]? strides) in new (int, long[]?)[] { (5, null), (-1, null), (17, null), (0, [-4]), (7, [-4]), (0, [8]) })
        {
            dictionary["offset"] = offset;
            dictionary["strides"] = strides;
            Assert.Throws<TensorFormatException>(() => ArrayInterface.Open(dictionary));
        }

        dictionary["offset"] = 8;
        dictionary["strides"] = new[] { -4 };
        ArrayInterface.Open(dictionary).Dispose();
        dictionary["data"] = new ReadOnlyMemory<byte>(bytes);
        using TensorHandle readOnly = ArrayInterface.Open(dictionary);
        Assert.True(readOnly.IsReadOnly);
    }

    [Fact]
    public void CudaNeedsNoDevice()
    {
        TensorDescriptor d = ArrayInterface.Describe("{'data': (140352, False), 'typestr': '<f4', 'shape': (3,), 'version': 3, 'stream': 2}", ArrayInterfaceKind.Cuda);
        Assert.Equal(Device.Cuda(), d.Device);
        Assert.Equal((nint)2, d.Stream);
        using var handle = new TensorHandle(d);
        Assert.Equal(d, ArrayInterface.Describe(ArrayInterface.ToText(handle), ArrayInterfaceKind.Cuda));
        Assert.Equal(d, ArrayInterface.Describe(ArrayInterface.ToDictionary(handle), ArrayInterfaceKind.Cuda));
        Assert.Throws<TensorUnsupportedException>(() => ArrayInterface.ToText(handle, ArrayInterfaceKind.Host));
        TensorDescriptor empty = ArrayInterface.Describe("{'data': (0, False), 'typestr': '<f4', 'shape': (3, 0), 'version': 2, 'stream': None}", ArrayInterfaceKind.Cuda);
        Assert.Null(empty.Stream);
        using var emptyHandle = new TensorHandle(empty);
        Assert.Contains("'data': (0, False)", ArrayInterface.ToText(emptyHandle), StringComparison.Ordinal);
    }
}
