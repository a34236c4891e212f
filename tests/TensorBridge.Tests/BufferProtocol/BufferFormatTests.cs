using TensorBridge.Protocols;

namespace TensorBridge.Tests.Protocols;

public class BufferFormatTests
{
    [Theory]
    [InlineData("b", 1, "|i1")]
    [InlineData("?", 1, "|b1")]
    [InlineData("l", 8, "<i8")]
    [InlineData("@L", 8, "<u8")]
    [InlineData("<l", 4, "<i4")]
    [InlineData("=L", 4, "<u4")]
    [InlineData(">l", 4, ">i4")]
    [InlineData(">q", 8, ">i8")]
    [InlineData("!d", 8, ">f8")]
    [InlineData("n", 8, "<i8")]
    [InlineData("e", 2, "<f2")]
    [InlineData("Zf", 8, "<c8")]
    [InlineData(">Zd", 16, ">c16")]
    [InlineData("5s", 5, "|S5")]
    [InlineData("c", 1, "|S1")]
    [InlineData("5w", 20, "<U5")]
    [InlineData(">5w", 20, ">U5")]
    [InlineData("5x", 5, "|V5")]
    [InlineData("0x", 0, "|V0")]
    public void ReadsElements(string format, int itemSize, string typestr) =>
        Assert.Equal(typestr, BufferFormat.Parse(format, itemSize).TypeString);

    // What NumPy 1.24 prints for these records, with the descr it means.
    [Theory]
    [InlineData("T{B:a:xxxxxxxd:b:}", 16, "[('a', '|u1'), ('', '|V7'), ('b', '<f8')]")]
    [InlineData("T{d:b:B:a:}", 16, "[('b', '<f8'), ('a', '|u1'), ('', '|V7')]")]
    [InlineData("T{=d:b:B:a:}", 9, "[('b', '<f8'), ('a', '|u1')]")]
    [InlineData("T{B:a:>d:b:=q:c:(2,3)i:d:}", 41, "[('a', '|u1'), ('b', '>f8'), ('c', '<i8'), ('d', '<i4', (2, 3))]")]
    [InlineData("T{T{d:b:B:a:}:n:xxxxxxxB:z:}", 24, "[('n', [('b', '<f8'), ('a', '|u1')]), ('', '|V7'), ('z', '|u1'), ('', '|V7')]")]
    [InlineData("T{5s:s:=3w:u:>3w:U:4x:v:=Zf:c:?:?:}", 42, "[('s', '|S5'), ('u', '<U3'), ('U', '>U3'), ('v', '|V4'), ('c', '<c8'), ('?', '|b1')]")]
    [InlineData("T{T{d:b:B:a:}:n:B:z:}", 24, "[('n', [('b', '<f8'), ('a', '|u1'), ('', '|V7')]), ('z', '|u1'), ('', '|V7')]")]
    [InlineData("T{b:a:d:b:}", 16, "[('a', '|i1'), ('', '|V7'), ('b', '<f8')]")]
    [InlineData("^T{b:a:d:b:}", 9, "[('a', '|i1'), ('b', '<f8')]")]
    [InlineData("hhl", 16, "[('f0', '<i2'), ('f1', '<i2'), ('', '|V4'), ('f2', '<i8')]")]
    [InlineData("3h", 6, "[('f0', '<i2', (3,))]")]
    [InlineData("(2,3)h", 12, "[('f0', '<i2', (2, 3))]")]
    [InlineData("T{<h:x:3xi}", 9, "[('x', '<i2'), ('', '|V3'), ('f1', '<i4')]")]
    public void ReadsRecords(string format, int itemSize, string descr) =>
        Assert.Equal(descr, LiteralText.Write(RecordDescription.Write(BufferFormat.Parse(format, itemSize))));

    [Theory]
    [InlineData("", 1, "V")]
    [InlineData("<", 1, "V")]
    [InlineData("l", 4, "V")]
    [InlineData("<l", 8, "V")]
    [InlineData("<n", 8, "V")]
    [InlineData("y", 1, "T")]
    [InlineData("Zy", 8, "T")]
    [InlineData("Z", 8, "T")]
    [InlineData("T", 8, "V")]
    [InlineData("T{", 8, "V")]
    [InlineData("T{d", 8, "V")]
    [InlineData("T{d:a}", 8, "V")]
    [InlineData("T{d::}", 8, "V")]
    [InlineData("T{d:a:d:a:}", 16, "V")]
    [InlineData("}", 1, "T")]
    [InlineData("(", 1, "V")]
    [InlineData("(2", 1, "V")]
    [InlineData("(2)", 1, "V")]
    [InlineData("()d", 8, "V")]
    [InlineData("99999999999999999999d", 8, "V")]
    [InlineData("(99999999,99999999)d", 8, "V")]
    [InlineData("T{(2)T{d:b:B:a:}:n:B:z:}", 34, "V")]
    [InlineData("T{(2)T{=d:b:B:a:}:n:14xB:z:}", 33, "V")]
    [InlineData("T{T{(2)T{=d:b:B:a:}:n:}:m:14xB:z:}", 33, "V")]
    [InlineData("g", 16, "U")]
    [InlineData("Zg", 32, "U")]
    [InlineData("O", 8, "U")]
    [InlineData("T{O:a:}", 8, "U")]
    [InlineData("P", 8, "U")]
    [InlineData("&d", 8, "U")]
    [InlineData("X{}", 8, "U")]
    [InlineData("p", 1, "U")]
    [InlineData("u", 2, "U")]
    [InlineData("t", 1, "U")]
    public void RefusesTheRest(string format, int itemSize, string error)
    {
        Exception exception = Assert.ThrowsAny<TensorException>(() => BufferFormat.Parse(format, itemSize));
        Assert.Equal(error, exception is TensorUnsupportedException ? "U" : ((TensorFormatException)exception).IsWrongType ? "T" : "V");
        Assert.Contains("format", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NestingIsBounded()
    {
        Assert.Throws<TensorFormatException>(() => BufferFormat.Parse(string.Concat(Enumerable.Repeat("T{", 20_000)), 8));
        Assert.Throws<TensorFormatException>(() => BufferFormat.Parse(new string('b', BufferFormat.MaxLength + 1), 8));
    }
}
