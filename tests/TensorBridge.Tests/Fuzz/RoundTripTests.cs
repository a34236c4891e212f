using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using TensorBridge.Interop;
using TensorBridge.Protocols;

namespace TensorBridge.Tests;

/// <summary>Import, export, import over random tensors in real memory: the description and every byte stay the same.</summary>
public sealed unsafe class RoundTripTests : IDisposable
{
    private const int MemorySize = 1 << 14;
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(MemorySize, 64);

    private static readonly string[] TypeStrings = [.. DTypeTests.AllTypeStrings().Where(t => t is not "|S1073741824")];

    private static readonly Gen<DType> PlainTypes = Gen.Int[0, TypeStrings.Length - 1].Select(i => DType.Parse(TypeStrings[i]));

    private static readonly Gen<DType> RecordTypes =
        from fields in Gen.Select(PlainTypes, Gen.Int[0, 3], Gen.Int[0, 3].Array[0, 2]).Array[1, 4]
        from tail in Gen.Int[0, 4]
        select MakeRecord(fields, tail);

    private static readonly Gen<DType> Types = Gen.Frequency((4, PlainTypes), (1, RecordTypes));

    // Strides up to a few items, negative, zero, overlapping and unaligned ones among them.
    private static readonly Gen<Sample> Samples =
        from type in Types
        from shape in Gen.Long[0, 4].Array[0, 4]
        from dense in Gen.Int[0, 2]
        from strides in Gen.Long[-45, 45].Array[shape.Length]
        from offset in Gen.Int[0, 63]
        from readOnly in Gen.Bool
        select new Sample(type, shape, dense, strides, offset, readOnly);

    public RoundTripTests()
    {
        new Random(1).NextBytes(new Span<byte>(_memory, MemorySize));
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Fact]
    public void EveryProtocolKeepsTheDescription() => Samples.Sample(
        sample =>
        {
            TensorDescriptor? descriptor = Place(sample);
            if (descriptor is null)
                return;
            using var handle = new TensorHandle(descriptor);
            TensorDescriptor expected = Canonical(descriptor);
            AssertSame(expected, ArrayInterface.Describe(ArrayInterface.ToText(handle)));
            AssertSame(expected, ArrayInterface.Describe(ArrayInterface.ToDictionary(handle)));
            using TensorHandle opened = ArrayInterface.Open(ArrayInterface.ToText(handle));
            Assert.Equal(ArrayInterface.ToText(handle), ArrayInterface.ToText(opened));
            if (BufferFormat.Format(descriptor.DType) is { } format)
                AssertSame(WithType(expected, BufferFormat.Parse(format, descriptor.DType.ItemSize)), ThroughBuffer(descriptor, format));
            if (ArrayStruct.KindOf(descriptor.DType) is not '\0' and var kind)
                AssertSame(expected, ThroughStruct(descriptor, kind));
        },
        iter: 20_000);

    [Fact]
    public void BytesAreThoseOfAnIndependentReader() => Samples.Sample(
        sample =>
        {
            TensorDescriptor? descriptor = Place(sample);
            if (descriptor is null)
                return;
            using var handle = new TensorHandle(descriptor);
            Assert.Equal(ReadElements(descriptor), handle.ToBytes());
            Assert.NotEmpty(handle.ToText());
        },
        iter: 10_000);

    private static DType MakeRecord((DType Type, int Padding, int[] Shape)[] fields, int tail)
    {
        var made = new List<RecordField>();
        int offset = 0;
        foreach ((DType type, int padding, int[] shape) in fields)
        {
            var field = new RecordField($"f{made.Count}", type, offset + padding, [.. shape]);
            made.Add(field);
            offset = field.Offset + field.Size;
        }

        return DType.Record(offset + tail, [.. made]);
    }

    private TensorDescriptor? Place(Sample sample)
    {
        int itemSize = sample.Type.ItemSize;
        Layout layout = sample.Dense switch
        {
            0 => Layout.Contiguous(sample.Shape, itemSize),
            1 => Layout.Contiguous(sample.Shape, itemSize, Order.F),
            _ => new Layout(sample.Shape, sample.Strides, itemSize),
        };
        if (layout.Extent.High - layout.Extent.Low > MemorySize - 64)
            return null;
        return new TensorDescriptor((nuint)(_memory + sample.Offset - layout.Extent.Low), sample.Type, layout, Device.Cpu, sample.ReadOnly);
    }

    // Pointers and strides of empty tensors mean nothing; everything else has to come back.
    private static void AssertSame(TensorDescriptor expected, TensorDescriptor found)
    {
        if (expected.Layout.ElementCount > 0)
            Assert.Equal(expected.Data, found.Data);
        Assert.Equal(expected.DType, found.DType);
        Assert.Equal(expected.Layout, found.Layout);
        Assert.Equal(expected.IsReadOnly, found.IsReadOnly);
        Assert.Equal(expected.Device, found.Device);
    }

    // A record without named fields is opaque in every protocol.
    private static TensorDescriptor Canonical(TensorDescriptor descriptor) => WithType(descriptor, Canonical(descriptor.DType));

    private static DType Canonical(DType type) => type.IsRecord && type.Fields.IsEmpty ? DType.Opaque(type.ItemSize) : type;

    private static TensorDescriptor WithType(TensorDescriptor descriptor, DType type) =>
        new(descriptor.Data, type, descriptor.Layout, descriptor.Device, descriptor.IsReadOnly);

    private static TensorDescriptor ThroughBuffer(TensorDescriptor descriptor, string format)
    {
        long* room = stackalloc long[128];
        fixed (byte* text = Encoding.UTF8.GetBytes(format + '\0'))
        {
            fixed (long* shape = descriptor.Shape, strides = descriptor.Layout.ByteStrides)
            {
                var raw = new RawBuffer
                {
                    Buf = descriptor.Data,
                    Len = descriptor.Layout.PayloadBytes,
                    ItemSize = descriptor.DType.ItemSize,
                    ReadOnly = descriptor.IsReadOnly ? 1 : 0,
                    Rank = descriptor.Layout.Rank,
                    Format = text,
                    Shape = shape,
                    Strides = strides,
                };
                var tensor = new RawTensor { Shape = room, Strides = room + 64 };
                RawImport.Buffer(in raw, ref tensor);
                return tensor.ToDescriptor();
            }
        }
    }

    private static TensorDescriptor ThroughStruct(TensorDescriptor descriptor, char kind)
    {
        long* room = stackalloc long[128];
        fixed (long* shape = descriptor.Shape, strides = descriptor.Layout.ByteStrides)
        {
            var raw = new RawArrayStruct
            {
                Two = 2,
                Rank = descriptor.Layout.Rank,
                TypeKind = (byte)kind,
                ItemSize = descriptor.DType.ItemSize,
                Flags = ArrayStruct.FlagsOf(descriptor),
                Shape = shape,
                Strides = strides,
                Data = descriptor.Data,
            };
            var tensor = new RawTensor { Shape = room, Strides = room + 64 };
            RawImport.ArrayStruct(in raw, ref tensor);
            return tensor.ToDescriptor();
        }
    }

    private static byte[] ReadElements(TensorDescriptor descriptor)
    {
        var bytes = new List<byte>();
        int itemSize = descriptor.DType.ItemSize;
        long[] index = new long[descriptor.Layout.Rank];
        for (long n = 0; n < descriptor.Layout.ElementCount; n++)
        {
            long address = (long)descriptor.Data;
            for (int axis = 0; axis < index.Length; axis++)
                address += index[axis] * descriptor.Layout.ByteStrides[axis];
            bytes.AddRange(new ReadOnlySpan<byte>((void*)address, itemSize));
            for (int axis = index.Length - 1; axis >= 0 && ++index[axis] == descriptor.Shape[axis]; axis--)
                index[axis] = 0;
        }

        return [.. bytes];
    }

    private sealed record Sample(DType Type, long[] Shape, int Dense, long[] Strides, int Offset, bool ReadOnly);
}
