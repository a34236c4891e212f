using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Casts against NumPy, and the vector kernels against the reference.</summary>
public unsafe class CastTests
{
    private const int RandomValues = 2000;

    /// <summary>NumPy has no bfloat16 and no complex32.</summary>
    private static readonly (ElementType Type, string Name)[] NumPyTypes =
    [
        (ElementType.Boolean, "?"), (ElementType.Int8, "i1"), (ElementType.Int16, "i2"), (ElementType.Int32, "i4"), (ElementType.Int64, "i8"),
        (ElementType.UInt8, "u1"), (ElementType.UInt16, "u2"), (ElementType.UInt32, "u4"), (ElementType.UInt64, "u8"), (ElementType.Float16, "f2"),
        (ElementType.Float32, "f4"), (ElementType.Float64, "f8"), (ElementType.Complex64, "c8"), (ElementType.Complex128, "c16"),
        (ElementType.DateTime64, "M8"), (ElementType.TimeDelta64, "m8"),
    ];

    public static TheoryData<ElementType> AllTypes => [.. CopyCases.Types];

    [Fact]
    public void EveryPairGivesWhatNumPyGives()
    {
        // Strided on purpose: for float to uint32 NumPy's contiguous loop disagrees with its own strided one.
        const string Script = """
            names = '? i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 M8 m8'.split()
            at = 0
            for s in names:
                n = int.from_bytes(data[at:at + 4], 'little')
                a = np.frombuffer(data[at + 4:at + 4 + n], s)
                at += 4 + n
                for d in names:
                    out.write(np.repeat(a, 2)[::2].astype(d).tobytes())
            """;
        using var input = new MemoryStream();
        foreach ((ElementType type, _) in NumPyTypes)
        {
            byte[] values = CastValues.Of(type, RandomValues);
            input.Write(BitConverter.GetBytes(values.Length));
            input.Write(values);
        }
        byte[] results = NumPy.Run(Script, input.ToArray());
        int at = 0;
        foreach ((ElementType source, _) in NumPyTypes)
        {
            byte[] values = CastValues.Of(source, RandomValues);
            foreach ((ElementType destination, _) in NumPyTypes)
            {
                int length = values.Length / source.Size() * destination.Size();
                // The same type is a copy: bytes other than 0 and 1 in a bool are kept.
                if (source != destination)
                    Compare(source, destination, values, results.AsSpan(at, length), Vectors(source, destination, values));
                at += length;
            }
        }
        Assert.Equal(results.Length, at);
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void VectorsAgreeWithTheReferenceAtEveryLength(ElementType source)
    {
        byte[] values = CastValues.Of(source, RandomValues);
        foreach (ElementType destination in CopyCases.Types)
        {
            Compare(source, destination, values, Reference(source, destination, values), Vectors(source, destination, values));
            for (int count = 0; count < 70; count++)
            {
                byte[] part = values[..(count * source.Size())];
                Compare(source, destination, part, Reference(source, destination, part), Vectors(source, destination, part));
            }
        }
    }

    [Fact]
    public void LargeRunsAreStreamedWithTheSameResult()
    {
        byte[] values = CastValues.Of(ElementType.Float64, 100_000);
        int count = values.Length / 8;
        byte[] expected = Reference(ElementType.Float64, ElementType.Float32, values);
        for (int shift = 0; shift < 12; shift += 4)
        {
            byte[] memory = new byte[(count * 4) + 64];
            fixed (byte* from = values, to = memory)
            {
                byte* start = (byte*)(((nuint)to + 15) & ~(nuint)15) + shift;
                CastKernels.Get(CopyOp.Cast(ElementType.Float64, ElementType.Float32)).ConvertStreaming(from, start, count);
                Compare(ElementType.Float64, ElementType.Float32, values, expected, new ReadOnlySpan<byte>(start, count * 4));
            }
        }
    }

    [Fact]
    public void BFloat16RoundsToNearestEven()
    {
        (uint Bits, ushort Expected)[] cases =
        [
            (0x3F800000, 0x3F80), (0x3F808000, 0x3F80), (0x3F818000, 0x3F82), (0x3F808001, 0x3F81), (0x7F7FFFFF, 0x7F80), (0x7F800000, 0x7F80), (0xFF800000, 0xFF80), (0x80000000, 0x8000),
        ];
        foreach ((uint bits, ushort expected) in cases)
            Assert.Equal(expected, Truncation.ToBFloat16(BitConverter.UInt32BitsToSingle(bits)));
        ushort nan = Truncation.ToBFloat16(BitConverter.UInt32BitsToSingle(0x7F800001));
        Assert.Equal(0x7FC0, nan);
    }

    private static byte[] Vectors(ElementType source, ElementType destination, byte[] values)
    {
        int count = values.Length / source.Size();
        byte[] result = new byte[count * destination.Size()];
        fixed (byte* from = values, to = result)
            CastKernels.Convert(source, destination, from, to, count);
        return result;
    }

    private static byte[] Reference(ElementType source, ElementType destination, byte[] values)
    {
        int count = values.Length / source.Size();
        byte[] result = new byte[count * destination.Size()];
        fixed (byte* from = values, to = result)
            ReferenceEngine.Execute(CopyOp.Cast(source, destination), from, to, [count], [source.Size()], [destination.Size()]);
        return result;
    }

    private static void Compare(ElementType source, ElementType destination, byte[] values, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual))
            return;
        byte[] should = CastValues.WithOneNaN(destination, expected);
        byte[] got = CastValues.WithOneNaN(destination, actual);
        int at = should.AsSpan().CommonPrefixLength(got);
        if (at == should.Length)
            return;
        int element = at / destination.Size();
        Assert.Fail($"{source.Name()} -> {destination.Name()}: element {element}, bytes {Hex(values, element, source.Size())}: expected {Hex(should, element, destination.Size())}, got {Hex(got, element, destination.Size())}");
    }

    private static string Hex(byte[] bytes, int element, int size) => Convert.ToHexString(bytes.AsSpan(element * size, size));
}
