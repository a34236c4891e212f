using System.Text;

namespace TensorBridge.Tests.NpyFiles;

public class NpyHeaderTests
{
    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", "float64", "(3, 4)", Order.C)]
    [InlineData("{'shape': (3,), 'fortran_order': True, 'descr': '>i2'}", ">i2", "(3,)", Order.F)]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (), }  \n", "bool", "()", Order.C)]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (3L, 4L), }", "int32", "(3, 4)", Order.C)]
    [InlineData("{'descr': '<M8[10us]', 'fortran_order': False, 'shape': (0, 2), }", "datetime64[10us]", "(0, 2)", Order.C)]
    public void HeadersAreRead(string text, string type, string shape, Order order)
    {
        NpyHeader header = NpyHeader.Read(new MemoryStream(NpyBytes.Version1(text)));
        Assert.Equal(1, header.Version);
        Assert.Equal(type, header.DType.ToString());
        Assert.Equal(shape, TensorText.Tuple(header.Layout.Shape));
        Assert.Equal(order, header.Order);
        Assert.Equal(10 + text.Length, header.DataOffset);
        Assert.True(order == Order.F ? header.Layout.IsFContiguous : header.Layout.IsCContiguous);
    }

    [Fact]
    public void ALongIntegerOfPython2IsOnlyOneOutsideStrings()
    {
        string text = "{'descr': [('x1L', '<i4'), ('it\\'s 2L', '<f4')], 'fortran_order': False, 'shape': (3L,), }";
        NpyHeader header = NpyHeader.Read(new MemoryStream(NpyBytes.Version1(text)));
        Assert.Equal(["x1L", "it's 2L"], header.DType.Fields.Select(f => f.Name));
        Assert.Equal(3, header.Layout.ElementCount);
    }

    [Fact]
    public void Version1IsLatin1AndVersion3IsUtf8()
    {
        string text = "{'descr': [('é', '<i4')], 'fortran_order': False, 'shape': (), }";
        Assert.Equal("é", Field(NpyBytes.Make(1, Encoding.Latin1.GetBytes(text))));
        Assert.Equal("é", Field(NpyBytes.Make(2, Encoding.Latin1.GetBytes(text))));
        Assert.Equal("é", Field(NpyBytes.Make(3, Encoding.UTF8.GetBytes(text))));
        Assert.Throws<TensorFormatException>(() => Field(NpyBytes.Make(3, Encoding.Latin1.GetBytes(text))));

        static string Field(byte[] file) => NpyHeader.Read(new MemoryStream(file)).DType.Fields.Single().Name;
    }

    [Theory]
    [InlineData("[1, 2]", "dictionary")]
    [InlineData("'a'", "dictionary")]
    [InlineData("", "value is missing")]
    [InlineData("{'fortran_order': False, 'shape': (3,), }", "'descr'")]
    [InlineData("{'descr': '<f8', 'shape': (3,), }", "'fortran_order'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, }", "'shape'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'mask': None}", "'mask'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 5: None}", "no string")]
    [InlineData("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "twice")]
    [InlineData("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,), }", "'fortran_order'")]
    [InlineData("{'descr': '<f8', 'fortran_order': None, 'shape': (3,), }", "'fortran_order'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': [3], }", "'shape'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3), }", "'shape'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': 3, }", "'shape'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3.0,), }", "'shape' entry 0")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }", "'shape' entry 0")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2, -1), }", "'shape' entry 1 is -1")]
    [InlineData("{'descr': 5, 'fortran_order': False, 'shape': (3,), }", "'descr'")]
    [InlineData("{'descr': None, 'fortran_order': False, 'shape': (3,), }", "'descr'")]
    [InlineData("{'descr': '<f9', 'fortran_order': False, 'shape': (3,), }", "'descr'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), } x", "nothing may follow")]
    [InlineData("{'descr': [('a',)], 'fortran_order': False, 'shape': (3,), }", "'descr' entry 0")]
    [InlineData("{'descr': [('a', '<f4', (-1,))], 'fortran_order': False, 'shape': (3,), }", "'descr' entry 0")]
    [InlineData("{'descr': [('a', '<f4'), ('a', '<f4')], 'fortran_order': False, 'shape': (3,), }", "'a'")]
    [InlineData("{'descr': [('a', '|V1000000000'), ('b', '|V1000000000')], 'fortran_order': False, 'shape': (3,), }", "'descr' entry 1")]
    public void WrongHeadersNameTheKey(string text, string named)
    {
        var error = Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream(NpyBytes.Version1(text))));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("the stream: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "object")]
    [InlineData("{'descr': [('a', '<i4'), ('b', '|O')], 'fortran_order': False, 'shape': (3,), }", "object")]
    [InlineData("{'descr': '<f16', 'fortran_order': False, 'shape': (3,), }", "long double")]
    [InlineData("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (3,), }", "sub-array")]
    public void TypesWithoutAReadingAreUnsupported(string text, string named)
    {
        var error = Assert.Throws<TensorUnsupportedException>(() => NpyHeader.Read(new MemoryStream(NpyBytes.Version1(text))));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("'descr'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(9223372036854775808,)")]
    [InlineData("(4294967296, 4294967296)")]
    [InlineData("(0, 9223372036854775807, 9223372036854775807)")]
    [InlineData("(1152921504606846976,)")]
    public void ShapesBeyond64BitsOverflow(string shape)
    {
        string text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}";
        var error = Assert.Throws<OverflowException>(() => NpyHeader.Read(new MemoryStream(NpyBytes.Version1(text))));
        Assert.Contains("shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyAxesAreRefused()
    {
        string ones = string.Concat(Enumerable.Repeat("1, ", 65));
        string text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({ones}), }}";
        var error = Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream(NpyBytes.Version1(text))));
        Assert.Contains("'shape' has 65 entries", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('(')]
    [InlineData('{')]
    public void NestingBombsAreRefused(char bracket)
    {
        byte[] bomb = Encoding.ASCII.GetBytes(new string(bracket, 1_000_000));
        Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream(NpyBytes.Make(2, bomb))));
        byte[] inside = Encoding.ASCII.GetBytes("{'descr': " + new string(bracket, 60_000) + new string(bracket == '[' ? ']' : ')', 60_000) + "}");
        Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream(NpyBytes.Make(2, inside))));
    }

    [Fact]
    public void ContainersOfOtherFormatsAreNamed()
    {
        Assert.Contains("npz", Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream("PK\u0003\u0004aaaaaaaa"u8.ToArray()))).Message, StringComparison.Ordinal);
        Assert.Contains("not a .npy", Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream(new byte[100]))).Message, StringComparison.Ordinal);
        Assert.Contains("0 of 8", Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream())).Message, StringComparison.Ordinal);
        byte[] file = NpyBytes.Version1("{}");
        file[6] = 4;
        Assert.Contains("4.0", Assert.Throws<TensorUnsupportedException>(() => NpyHeader.Read(new MemoryStream(file))).Message, StringComparison.Ordinal);
        file[6] = 1;
        file[7] = 1;
        Assert.Contains("1.1", Assert.Throws<TensorUnsupportedException>(() => NpyHeader.Read(new MemoryStream(file))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4_000_000_000)]
    [InlineData(5_000_000)]
    [InlineData(100)]
    public void AHeaderLengthBeyondTheFileIsRefused(long length)
    {
        byte[] file = NpyBytes.Make(2, "{}"u8.ToArray(), length: length);
        Assert.Contains("header length", Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new MemoryStream(file))).Message, StringComparison.Ordinal);
        Assert.Throws<TensorFormatException>(() => NpyHeader.Read(new PipeStream(file)));
    }

    [Fact]
    public void EveryCutIsRefused()
    {
        byte[] file = NpyBytes.Version1("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", 96);
        for (int length = 0; length < file.Length; length++)
        {
            byte[] cut = file[..length];
            Assert.Throws<TensorFormatException>(() => Npy.Load(new MemoryStream(cut)).Dispose());
            Assert.Throws<TensorFormatException>(() => Npy.Load(new PipeStream(cut)).Dispose());
        }
    }
}
