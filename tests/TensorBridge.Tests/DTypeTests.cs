using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorBridge.Protocols;

namespace TensorBridge.Tests;

public class DTypeTests
{
    private static readonly string[] Units = ["", "[Y]", "[M]", "[W]", "[D]", "[h]", "[m]", "[s]", "[ms]", "[us]", "[ns]", "[ps]", "[fs]", "[as]", "[25s]", "[10us]", "[2147483647D]"];

    /// <summary>Every element type that a typestr can say, in both byte orders, with every unit.</summary>
    public static IEnumerable<string> AllTypeStrings()
    {
        yield return "|b1";
        foreach (string one in (string[])["i1", "u1", "S1", "S5", "S0", "V1", "V7", "V0", "V2", "S1073741824"])
            yield return "|" + one;
        foreach (char order in "<>")
        {
            foreach (string body in (string[])["i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16", "U1", "U7", "U0"])
                yield return order + body;
            foreach (string unit in Units)
            {
                yield return $"{order}M8{unit}";
                yield return $"{order}m8{unit}";
            }
        }
    }

    [Fact]
    public void TypeStringsRoundTrip()
    {
        foreach (string typestr in AllTypeStrings())
        {
            DType type = DType.Parse(typestr);
            Assert.Equal(typestr, type.TypeString);
            Assert.Equal(type, DType.FromName(typestr));
            Assert.Equal(type.WithByteOrder(ByteOrder.Little), DType.FromName(type.Name).WithByteOrder(ByteOrder.Little));
            Assert.Equal(type, DType.Parse(type.WithByteOrder(ByteOrder.Big).WithByteOrder(type.ByteOrder).TypeString));
        }
    }

    [Fact]
    public void BufferFormatsRoundTrip()
    {
        int said = 0;
        foreach (string typestr in AllTypeStrings())
        {
            DType type = DType.Parse(typestr);
            string? format = BufferFormat.Format(type);
            Assert.Equal(type.Kind is ElementKind.DateTime or ElementKind.TimeDelta, format is null);
            if (format is null)
                continue;
            Assert.Equal(type, BufferFormat.Parse(format, type.ItemSize));
            said++;
        }

        Assert.True(said > 30);
    }

    [Fact]
    public void TypesWithoutAPlaceGoOutAsOpaqueItems()
    {
        Assert.Equal("<V2", DType.BFloat16.TypeString);
        Assert.Equal("2x", BufferFormat.Format(DType.BFloat16));
        Assert.Equal("|V4", DType.Complex32.TypeString);
        Assert.Null(BufferFormat.Format(DType.Complex32));
        for (ElementKind kind = ElementKind.Float8E3M4; kind <= ElementKind.Float4E2M1FN; kind++)
        {
            DType type = DType.SmallFloat(kind);
            Assert.Equal("|V1", type.TypeString);
            Assert.Equal(type.IsPacked ? null : "1x", BufferFormat.Format(type));
            Assert.Equal(type, DType.FromName(type.Name));
            Assert.Equal('\0', ArrayStruct.KindOf(type));
        }
    }

    [Theory]
    [InlineData("[('a', '|u1'), ('', '|V7'), ('b', '<f8')]", 16)]
    [InlineData("[('a', '>i2'), ('b', [('c', '<f4'), ('', '|V4'), ('d', '|S3', (2, 3))]), ('e', '>U2', (4,))]", 60)]
    [InlineData("[(('title', 'a'), '<M8[10us]'), ('', '|V1')]", 9)]
    [InlineData("[('', '|V8')]", 8)]
    [InlineData("[('n', [('d', '<f8'), ('b', '|u1')], (2,)), ('', '|V3'), ('z', '|u1')]", 22)]
    [InlineData("[('m', [('n', [('d', '<f8'), ('', '|V3')], (2, 2))]), ('', '|V3'), ('z', '>f2')]", 49)]
    [InlineData("[('a b', '|b1'), ('é', '<c8', (0,))]", 1)]
    public void RecordsRoundTrip(string description, int size)
    {
        DType type = Describe(description, size);
        Assert.Equal(type, Describe(LiteralText.Write(RecordDescription.Write(type)), size));
        if (BufferFormat.Format(type) is { } format)
        {
            // PEP 3118 has no titles.
            DType parsed = BufferFormat.Parse(format, size);
            Assert.Equal(WithoutTitles(type), parsed);
        }
    }

    [Fact]
    public void OverlappingFieldsBecomeOpaque()
    {
        DType overlap = DType.Record(8, [new RecordField("a", DType.Float64, 0), new RecordField("b", DType.Float32, 4)]);
        Assert.Equal("[('', '|V8')]", LiteralText.Write(RecordDescription.Write(overlap)));
        Assert.Null(BufferFormat.Format(overlap));
    }

    [Theory]
    [InlineData("float32", "<f4")]
    [InlineData("f", "<f4")]
    [InlineData(">f", ">f4")]
    [InlineData("f4", "<f4")]
    [InlineData("=i4", "<i4")]
    [InlineData("int", "<i8")]
    [InlineData("numpy.int16", "<i2")]
    [InlineData("torch.float16", "<f2")]
    [InlineData("?", "|b1")]
    [InlineData("bool", "|b1")]
    [InlineData("complex", "<c16")]
    [InlineData("F", "<c8")]
    [InlineData("datetime64[ns]", "<M8[ns]")]
    [InlineData("M8", "<M8")]
    [InlineData("M", "<M8")]
    [InlineData("timedelta64", "<m8")]
    [InlineData("U5", "<U5")]
    [InlineData("str5", "<U5")]
    [InlineData("bytes5", "|S5")]
    [InlineData("void16", "|V2")]
    [InlineData("bfloat16", "<V2")]
    public void NamesAreRead(string name, string typestr) => Assert.Equal(typestr, DType.FromName(name).TypeString);

    [Theory]
    [InlineData("")]
    [InlineData("float33")]
    [InlineData("void3")]
    [InlineData("<")]
    [InlineData("datetime64[xx]")]
    [InlineData("f4 ")]
    [InlineData("int 8")]
    public void OtherNamesAreWrongTypes(string name) => Assert.True(Assert.Throws<TensorFormatException>(() => DType.FromName(name)).IsWrongType);

    [Fact]
    public void ObjectsAndLongDoublesAreUnsupported()
    {
        Assert.Throws<TensorUnsupportedException>(() => DType.FromName("O"));
        Assert.Throws<TensorUnsupportedException>(() => DType.FromName("f16"));
    }

    [Fact]
    public void ManagedTypesHaveElementTypes()
    {
        Assert.Equal(DType.Boolean, DType.Of<bool>());
        Assert.Equal(DType.Float16, DType.Of<Half>());
        Assert.Equal(DType.Complex128, DType.Of<System.Numerics.Complex>());
        Assert.Equal(DType.Int64, DType.Of<nint>());
        Assert.Equal(DType.UInt8, DType.Of<Small>());
        DType type = DType.Of<Sample>();
        Assert.Equal(40, type.ItemSize);
        Assert.Equal("[('Flag', '|b1'), ('', '|V3'), ('Id', '<i4'), ('x y', '<f8'), ('Inner', [('A', '|u1'), ('', '|V1'), ('B', '<u2')]), ('Values', '<f4', (4,)), ('', '|V4')]", LiteralText.Write(RecordDescription.Write(type)));
        Assert.Throws<TensorLayoutException>(() => DType.Of<decimal>());
        Assert.Equal(300, DType.Of<Wide>().Field("Last").Offset);
    }

    [Fact]
    public void RecordsAreComparedFieldByField()
    {
        DType match = Describe("[('flag', '|u1'), ('', '|V3'), ('ID', '<i4'), ('x y', '<f8'), ('inner', [('a', '|u1'), ('', '|V1'), ('b', '<u2')]), ('values', '<f4', (2, 2)), ('', '|V4')]", 40);
        match.CheckElement<ByteSample>();
        AssertDifference<Sample>(match, "flag");
        AssertDifference<ByteSample>(Describe("[('flag', '|u1'), ('', '|V39')]", 40), "fields");
        AssertDifference<ByteSample>(Describe("[('', '|V3'), ('flag', '|u1'), ('ID', '<i4'), ('x y', '<f8'), ('inner', '|V4'), ('values', '<f4', (4,)), ('', '|V4')]", 40), "byte 3");
        AssertDifference<ByteSample>(Describe("[('flag', '|u1'), ('', '|V3'), ('IDENT', '<i4'), ('x y', '<f8'), ('inner', '|V4'), ('values', '<f4', (4,)), ('', '|V4')]", 40), "IDENT");
        AssertDifference<ByteSample>(Describe("[('flag', '|u1'), ('', '|V3'), ('ID', '<u4'), ('x y', '<f8'), ('inner', '|V4'), ('values', '<f4', (4,)), ('', '|V4')]", 40), "uint32");
        AssertDifference<ByteSample>(match.WithByteOrder(ByteOrder.Big), "swapped");
        AssertDifference<float>(DType.Float64, "8");
        AssertDifference<float>(DType.Int32, "float32");
        AssertDifference<float>(DType.Parse(">f4"), "swapped");
        AssertDifference<bool>(DType.Boolean, "byte");
        DType.Boolean.CheckElement<byte>();
        DType.Complex64.CheckElement<Pair>();
        DType.Parse("<M8[ns]").CheckElement<long>();
        DType.BFloat16.CheckElement<ushort>();
        DType.Opaque(8).CheckElement<double>();
    }

    internal static DType Describe(string description, int size) =>
        ArrayInterface.Describe($"{{'data': (4096, False), 'shape': (), 'typestr': '|V{size}', 'descr': {description}}}").DType;

    private static DType WithoutTitles(DType type) => type.IsRecord
        ? DType.Record(type.ItemSize, [.. type.Fields.Select(f => new RecordField(f.Name, WithoutTitles(f.Type), f.Offset, f.Shape))])
        : type;

    private static void AssertDifference<T>(DType type, string word)
        where T : unmanaged => Assert.Contains(word, Assert.Throws<TensorLayoutException>(type.CheckElement<T>).Message, StringComparison.Ordinal);

    private enum Small : byte
    {
        One,
    }

#pragma warning disable CS0649 // read through their layout only
    private struct Inner
    {
        public byte A;
        public ushort B;
    }

    private struct Pair
    {
        public float Real;
        public float Imaginary;
    }

    [InlineArray(4)]
    private struct Four
    {
        private float _first;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Sample
    {
        public bool Flag;
        public int Id;
        [TensorField("x y")]
        public double Value;
        public Inner Inner;
        public Four Values;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ByteSample
    {
        public byte Flag;
        public int Id;
        [TensorField("x y")]
        public double Value;
        public Inner Inner;
        public Four Values;
    }

    private unsafe struct Wide
    {
        public fixed byte Bytes[300];
        public int Last;
    }
#pragma warning restore CS0649
}
