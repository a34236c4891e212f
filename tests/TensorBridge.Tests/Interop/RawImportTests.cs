using System.Runtime.CompilerServices;
using System.Text;
using TensorBridge.Interop;

namespace TensorBridge.Tests.Interop;

public unsafe class RawImportTests
{
    [Fact]
    public void StructsHaveTheirSizes()
    {
        Assert.Equal(64, Unsafe.SizeOf<RawTensor>());
        Assert.Equal(80, Unsafe.SizeOf<RawBuffer>());
        Assert.Equal(56, Unsafe.SizeOf<RawArrayStruct>());
    }

    [Fact]
    public void TypeNumbersAreStable()
    {
        Assert.Equal(0, DTypeTable.IdOf(DType.Boolean));
        Assert.Equal(10, DTypeTable.IdOf(DType.Float32));
        Assert.Equal(15, DTypeTable.IdOf(DType.Complex128));
        int first = DTypeTable.IdOf(DType.Parse(">f4"));
        Assert.Equal(first, DTypeTable.IdOf(DType.Parse(">f4")));
        Assert.Equal(DType.Parse(">f4"), DTypeTable.Get(first));
        Assert.Throws<TensorFormatException>(() => DTypeTable.Get(int.MaxValue));
        Assert.Throws<TensorFormatException>(() => DTypeTable.Get(-1));
    }

    [Fact]
    public void BuffersAreValidated()
    {
        TensorDescriptor d = Import("d", 8, [2, 3], [24, 8]);
        Assert.Equal("tensor[float64, (2, 3), cpu]", d.ToString());
        Assert.Equal("tensor[float64, (2, 3), cpu, strides (8, 16), read-only]", Import("d", 8, [2, 3], [8, 16], readOnly: 1).ToString());
        Assert.Equal("tensor[uint8, (5,), cpu]", Import(null, 1, [5], null).ToString());
        Assert.Equal("tensor[float64, (), cpu]", Import("d", 8, null, null, rank: 0).ToString());
        Assert.Equal("tensor[int16, (4,), cpu]", Import("h", 2, null, null, rank: 1, length: 8).ToString());
        Assert.Equal("tensor[>i4, (2,), cpu]", Import(">i", 4, [2], null).ToString());
        Assert.Equal(d, Import("@d", 8, [2, 3], null));
        Refused<TensorFormatException>(() => Import("d", 8, [2, 3], [24, 8], length: 47), "len");
        Refused<TensorFormatException>(() => Import("d", 4, [2, 3], null), "item size");
        Refused<TensorFormatException>(() => Import("d", 8, [2, -3], null, length: 48), "-3");
        Refused<TensorFormatException>(() => Import("d", 8, [2], null, data: 0), "NULL");
        Refused<TensorFormatException>(() => Import("d", 8, null, null, rank: 65), "65");
        Refused<TensorFormatException>(() => Import("d", 8, null, null, rank: -1), "-1");
        Refused<TensorFormatException>(() => Import("d", 8, null, null, rank: 2), "NULL shape");
        Refused<TensorFormatException>(() => Import("h", 2, null, null, rank: 1, length: 7), "len");
        Refused<OverflowException>(() => Import("d", 8, [2], [long.MaxValue]), "address");
        Refused<TensorUnsupportedException>(() => Import("d", 8, [2], null, suboffset: 0), "suboffsets");
        Import("d", 8, [2], null, suboffset: -1);
    }

    [Fact]
    public void ArrayStructsAreValidated()
    {
        Assert.Equal("tensor[float32, (2,), cpu]", ImportStruct('f', 4, 0x605).ToString());
        Assert.Equal("tensor[>f4, (2,), cpu, read-only]", ImportStruct('f', 4, 0x001).ToString());
        Assert.Equal("tensor[bytes7, (2,), cpu]", ImportStruct('S', 7, 0x601).ToString());
        foreach ((char kind, int size) in new[] { ('M', 8), ('m', 8), ('U', 20), ('V', 16), ('O', 8), ('f', 16), ('c', 32), ('t', 1) })
            Refused<TensorUnsupportedException>(() => ImportStruct(kind, size, 0x605), "__array_interface__");
        Refused<TensorFormatException>(() => ImportStruct('f', 3, 0x605), "'f'");
        Refused<TensorFormatException>(() => ImportStruct('b', 2, 0x605), "'b'");
        Refused<TensorFormatException>(() => ImportStruct('\0', 2, 0x605), "'?'");
        Refused<TensorFormatException>(() => ImportStruct('f', 4, 0x605, two: 3), "3");
        Refused<TensorFormatException>(() => ImportStruct('f', 4, 0x605, rank: 65), "65");
        Refused<TensorFormatException>(() => ImportStruct('f', 4, 0x604, noStrides: true), "strides");
        Assert.Equal(4, ImportStruct('f', 4, 0x605, noStrides: true).Layout.ByteStrides[0]);
    }

    [Fact]
    public void LiveDictionariesAreValidated()
    {
        Assert.Equal("tensor[float32, (3,), cpu]", Interface("{'data': (4096, False), 'typestr': '<f4', 'shape': (<index 'numpy.int64' 3>,)}").ToString());
        Assert.Equal("tensor[float32, (3,), cpu, read-only]", Interface("{'data': <buffer 4096 12 1>, 'typestr': '<f4', 'shape': (3,)}").ToString());
        Assert.Equal((nuint)4104, Interface("{'data': <buffer 4096 12 1>, 'typestr': '<f4', 'shape': (3,), 'offset': 8, 'strides': (-4,)}").Data);
        Refused<TensorFormatException>(() => Interface("{'data': <buffer 4096 11 1>, 'typestr': '<f4', 'shape': (3,)}"), "11 bytes");
        Refused<TensorFormatException>(() => Interface("{'data': <type 'list'>, 'typestr': '<f4', 'shape': (3,)}"), "list");
        Refused<TensorFormatException>(() => Interface("{'data': (<index 'numpy.int64' 4096>, False), 'typestr': '<f4', 'shape': (3,)}"), "numpy.int64");
        Refused<TensorFormatException>(() => Interface("{'data': (4096, <type 'x.Y'>), 'typestr': '<f4', 'shape': (3,)}"), "x.Y");
        Refused<TensorFormatException>(() => Interface("{'data': (4096, False), 'typestr': '<f4', 'shape': [3]}"), "list");
        Assert.Equal(3, Interface("{'data': <buffer 4096 16 0>, 'typestr': '<f4', 'offset': 4}", RawInterfaceKind.FromBuffer).Shape[0]);
        Refused<TensorFormatException>(() => Interface("{'data': <buffer 4096 15 0>, 'typestr': '<f4'}", RawInterfaceKind.FromBuffer), "multiple");
        Refused<TensorFormatException>(() => Interface("{'data': <buffer 4096 16 0>, 'typestr': '<f4', 'strides': (4,)}", RawInterfaceKind.FromBuffer), "strides");
        Refused<TensorFormatException>(() => Interface("{'data': <buffer 4096 16 0>, 'typestr': '<f4', 'shape': (3,)}", RawInterfaceKind.Cuda), "tuple");
    }

    private static TensorDescriptor Import(string? format, long itemSize, long[]? shape, long[]? strides, int readOnly = 0, int? rank = null, long? length = null, nuint data = 4096, long? suboffset = null)
    {
        long* room = stackalloc long[128];
        byte* text = stackalloc byte[100];
        if (format is not null)
            text[Encoding.ASCII.GetBytes(format, new Span<byte>(text, 99))] = 0;
        long sub = suboffset ?? 0;
        fixed (long* shapePointer = shape, stridePointer = strides)
        {
            var raw = new RawBuffer
            {
                Buf = data,
                ItemSize = itemSize,
                Rank = rank ?? shape!.Length,
                Len = length ?? (shape ?? []).Aggregate(itemSize, (a, b) => a * b),
                ReadOnly = readOnly,
                Format = format is null ? null : text,
                Shape = shapePointer,
                Strides = stridePointer,
                Suboffsets = suboffset is null ? null : &sub,
            };
            var tensor = new RawTensor { Shape = room, Strides = room + 64 };
            RawImport.Buffer(in raw, ref tensor);
            return tensor.ToDescriptor();
        }
    }

    private static TensorDescriptor ImportStruct(char kind, int itemSize, int flags, int two = 2, int rank = 1, bool noStrides = false)
    {
        long* room = stackalloc long[128];
        long shape = 2;
        long stride = itemSize;
        var raw = new RawArrayStruct
        {
            Two = two,
            Rank = rank,
            TypeKind = (byte)kind,
            ItemSize = itemSize,
            Flags = (RawArrayStructFlags)flags,
            Shape = &shape,
            Strides = noStrides ? null : &stride,
            Data = 4096,
        };
        var tensor = new RawTensor { Shape = room, Strides = room + 64 };
        RawImport.ArrayStruct(in raw, ref tensor);
        return tensor.ToDescriptor();
    }

    private static TensorDescriptor Interface(string text, RawInterfaceKind kind = RawInterfaceKind.Host)
    {
        long* room = stackalloc long[128];
        var tensor = new RawTensor { Shape = room, Strides = room + 64 };
        RawImport.Interface(Encoding.UTF8.GetBytes(text), kind, ref tensor);
        return tensor.ToDescriptor();
    }

    private static void Refused<T>(Func<object> action, string word)
        where T : Exception => Assert.Contains(word, Assert.Throws<T>(action).Message, StringComparison.Ordinal);
}
