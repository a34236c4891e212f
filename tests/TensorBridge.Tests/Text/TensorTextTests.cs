using System.Globalization;
using TensorBridge.Protocols;

namespace TensorBridge.Tests;

/// <summary>Texts that NumPy 1.24 prints for the same values, with "tensor" for "array".</summary>
public unsafe class TensorTextTests
{
    [Theory]
    [InlineData("1 2.5 -3", "[ 1. ,  2.5, -3. ]")]
    [InlineData("0 -0 nan", "[ 0., -0., nan]")]
    [InlineData("inf -inf 1.25", "[ inf, -inf, 1.25]")]
    [InlineData("1e10 1", "[1.e+10, 1.e+00]")]
    [InlineData("1e-5 1", "[1.e-05, 1.e+00]")]
    [InlineData("0.1 100.5", "[1.000e-01, 1.005e+02]")]
    [InlineData("0.3333333333333333 2", "[0.33333333, 2.        ]")]
    [InlineData("0.001953125 1", "[0.00195312, 1.        ]")]
    [InlineData("1e300 1e-300", "[1.e+300, 1.e-300]")]
    [InlineData("nan nan", "[nan, nan]")]
    [InlineData("99999999 1", "[9.9999999e+07, 1.0000000e+00]")]
    public void Doubles(string values, string expected)
    {
        using TensorHandle handle = TensorHandle.From((double[])[.. values.Split(' ').Select(Parse)]);
        Assert.StartsWith($"tensor({expected}, shape=", Flat(handle.ToText()), StringComparison.Ordinal);
    }

    [Fact]
    public void SinglesAndHalvesShowTheirOwnDigits()
    {
        Assert.StartsWith("tensor([0.1       , 0.33333334],", Text(new[] { 0.1f, 1 / 3f }), StringComparison.Ordinal);
        Assert.StartsWith("tensor([6.7034483e-02, 2.9853486e+07],", Text(new[] { 6.7034483e-02f, 2.9853486e+07f }), StringComparison.Ordinal);
        Assert.StartsWith("tensor([0.1   , 0.3333],", Text(new[] { (Half)0.1f, (Half)(1 / 3f) }), StringComparison.Ordinal);
        Assert.StartsWith("tensor([21184.,    inf],", Text(new[] { (Half)21184, Half.PositiveInfinity }), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherKinds()
    {
        Assert.Equal("tensor([ True, False], shape=(2,), dtype=bool, device='cpu')", Text(new[] { true, false }));
        Assert.Equal("tensor([[  1, -20],\n        [300,   4]], shape=(2, 2), dtype=int32, device='cpu')", Text(new[,] { { 1, -20 }, { 300, 4 } }));
        Assert.Equal("tensor([ 1. +2.j, -1.5+0.j], shape=(2,), dtype=complex128, device='cpu')", Text(new System.Numerics.Complex[] { new(1, 2), new(-1.5, 0) }));
        Assert.Equal("tensor(['1970-01-02', '2024-02-29',        'NaT'], shape=(3,), dtype=datetime64[D], device='cpu')", Times("<M8[D]", 1, 19782, long.MinValue));
        Assert.Equal("tensor(['1969-12-31T23:59:59.999999999'], shape=(1,), dtype=datetime64[ns], device='cpu')", Times("<M8[ns]", -1));
        Assert.Equal("tensor([    1, 'NaT'], shape=(2,), dtype=timedelta64[s], device='cpu')", Times("<m8[s]", 1, long.MinValue));
        Assert.Equal("tensor([b'ab', b'c\\x00d'], shape=(2,), dtype=bytes3, device='cpu')", Bytes("|S3", 2, "ab\0c\0d"u8));
        Assert.Equal("tensor(['é'], shape=(1,), dtype=>U1, device='cpu')", Bytes(">U1", 1, [0, 0, 0, 0xE9]));
        Assert.Equal("tensor([b'\\x01\\xFF'], shape=(1,), dtype=void16, device='cpu')", Bytes("|V2", 1, [1, 255]));
        Assert.Equal("tensor([1.5], shape=(1,), dtype=bfloat16, device='cpu')", Bytes(DType.BFloat16, 1, [0xC0, 0x3F]));
        Assert.Equal("tensor([0x3c], shape=(1,), dtype=float8_e5m2, device='cpu')", Bytes(DType.SmallFloat(ElementKind.Float8E5M2), 1, [0x3C]));
        DType record = DTypeTests.Describe("[('a', '|u1'), ('b', '>i2', (2,))]", 5);
        Assert.Equal("tensor([(1, [2, 3]), (4, [5, 6])], shape=(2,), dtype=[('a', '|u1'), ('b', '>i2', (2,))], device='cpu')", Bytes(record, 2, [1, 0, 2, 0, 3, 4, 0, 5, 0, 6]));
    }

    [Fact]
    public void FactsAreAddedWhereTheyApply()
    {
        using TensorHandle handle = TensorHandle.From(new[,] { { 1, 2 }, { 3, 4 } });
        Assert.EndsWith("device='cpu', strides=(4, 8))", handle.T.ToText(), StringComparison.Ordinal);
        Assert.EndsWith("device='cpu', readonly=True)", handle.AsReadOnly().ToText(), StringComparison.Ordinal);
        Assert.Equal("tensor(4, shape=(), dtype=int32, device='cpu')", handle[1, 1].ToText());
        Assert.Equal("tensor([], shape=(0, 2), dtype=int32, device='cpu')", handle[..0].ToText());
        Assert.Equal(handle.ToText(), handle.ToString("G"));
        Assert.Equal(handle.ToString(), handle.ToString("D"));
        Assert.Throws<FormatException>(() => handle.ToString("X"));
        using var cuda = new TensorHandle(new TensorDescriptor(4096, DType.Float32, Layout.Contiguous([2], 4), Device.Cuda()));
        Assert.Equal("tensor(..., shape=(2,), dtype=float32, device='cuda:0')", cuda.ToText());
        Assert.Equal("tensor([0., 0.], shape=(2,), dtype=float32, device='cuda:0')", cuda.ToText((_, bytes) => bytes.Clear()));
        Assert.Throws<TensorDeviceException>(() => cuda.ToBytes());
    }

    [Fact]
    public void LongTensorsReadOnlyTheirCorners()
    {
        using TensorHandle line = TensorHandle.From((int[])[.. Enumerable.Range(0, 1001)]);
        Assert.Equal("tensor([   0,    1,    2, ...,  998,  999, 1000], shape=(1001,), dtype=int32,", string.Join(", ", Flat(line.ToText()).Split(", ")[..9]) + ",");
        long read = 0;
        using var huge = new TensorHandle(new TensorDescriptor(1 << 20, DType.Float32, Layout.Contiguous([1L << 20, 1L << 20], 4), Device.Cuda()));
        string text = huge.ToText((source, bytes) =>
        {
            read += bytes.Length;
            Assert.Equal(9, source.Layout.ElementCount);
            bytes.Clear();
        });
        Assert.Equal(36 * 4, read);
        Assert.StartsWith("tensor([[0., 0., 0., ..., 0., 0., 0.],\n        [0., 0., 0., ..., 0., 0., 0.],\n        [0., 0., 0., ..., 0., 0., 0.],\n        ...,\n        [0.,", text, StringComparison.Ordinal);
        using var many = new TensorHandle(new TensorDescriptor(1 << 20, DType.UInt8, Layout.Contiguous([.. Enumerable.Repeat(2L, 30)], 1), Device.Cuda()));
        Assert.StartsWith("tensor(..., shape=(2, ", Flat(many.ToText((_, _) => Assert.Fail("far too much to print"))), StringComparison.Ordinal);
    }

    [Fact]
    public void BytesComeInCOrder()
    {
        using TensorHandle handle = TensorHandle.From(new byte[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal("010402050306", Convert.ToHexString(handle.T.ToBytes()));
        Assert.Equal("060504030201", Convert.ToHexString(handle[TensorIndex.Slice(step: -1), TensorIndex.Slice(step: -1)].ToBytes()));
        Assert.Equal("0303", Convert.ToHexString(handle[0, 2].BroadcastTo(2).ToBytes()));
        Assert.Equal("02", Convert.ToHexString(handle[0, 1].ToBytes()));
        Assert.Empty(handle[..0].ToBytes());
    }

    // The facts stand on a line of their own where they do not fit behind the values.
    private static string Flat(string text) => text.Replace(",\n       shape", ", shape", StringComparison.Ordinal);

    private static double Parse(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string Text(Array values)
    {
        using TensorHandle handle = TensorHandle.From(values);
        return handle.ToText();
    }

    private static string Times(string typestr, params long[] ticks)
    {
        using TensorHandle handle = TensorHandle.From(ticks);
        return Flat(handle.Reinterpret(DType.Parse(typestr)).ToText());
    }

    private static string Bytes(string typestr, long count, ReadOnlySpan<byte> bytes) => Bytes(DType.Parse(typestr), count, bytes);

    private static string Bytes(DType type, long count, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            using var handle = new TensorHandle(new TensorDescriptor((nuint)pointer, type, Layout.Contiguous([count], type.ItemSize), Device.Cpu));
            return Flat(handle.ToText());
        }
    }
}
