using System.Numerics;
using System.Text;
using TensorBridge.Protocols;

namespace TensorBridge.Tests.Protocols;

public class PythonLiteralTests
{
    [Theory]
    [InlineData("None")]
    [InlineData("True")]
    [InlineData("-12")]
    [InlineData("()")]
    [InlineData("(1,)")]
    [InlineData("(1, 2)")]
    [InlineData("[]")]
    [InlineData("[1, [2, (3,)]]")]
    [InlineData("{}")]
    [InlineData("{'a': 1, 'b': (2, {'c': None})}")]
    [InlineData("'it\\'s \\\\ \\n'")]
    [InlineData("340282366920938463463374607431768211456")]
    public void ReadsWhatPythonPrints(string text)
    {
        string expected = text.Replace("\\n", "\\x0a", StringComparison.Ordinal);
        Assert.Equal(expected, LiteralText.Write(PythonLiteral.Parse(text, out _)));
    }

    [Theory]
    [InlineData("[1, 2, {\"a\": null, \"b\": [true, false]}]", false)]
    [InlineData("{\"a\": \"x\\u00e9\\/\"}", false)]
    [InlineData("{'a': 1}", true)]
    [InlineData("{\"a\": None}", true)]
    [InlineData("{\"a\": (1, 2)}", true)]
    [InlineData("[1, 2,]", true)]
    public void TellsPythonFromJson(string text, bool isPython)
    {
        PythonLiteral.Parse(text, out bool python);
        Assert.Equal(isPython, python);
    }

    [Fact]
    public void ScalarsKeepTheirValue()
    {
        Assert.Equal(long.MinValue, PythonLiteral.Parse("-9223372036854775808", out _));
        Assert.Equal(new BigInteger(ulong.MaxValue), PythonLiteral.Parse("18446744073709551615", out _));
        Assert.Equal(-(BigInteger.One << 64), PythonLiteral.Parse("-18446744073709551616", out _));
        Assert.Equal(255L, PythonLiteral.Parse("0xff", out _));
        Assert.Equal(BigInteger.One << 64, PythonLiteral.Parse("0x10000000000000000", out _));
        Assert.Equal(1.5, PythonLiteral.Parse("1.5", out _));
        Assert.Equal(-2e3, PythonLiteral.Parse("-2e3", out _));
        Assert.Equal(double.NegativeInfinity, PythonLiteral.Parse("-inf", out _));
        Assert.Equal("é\U0001F600\0A", PythonLiteral.Parse("'\\xe9\\U0001F600\\0\\101'", out _));
        Assert.Equal(new byte[] { 97 }, PythonLiteral.Parse("b'a'", out _));
        Assert.Equal(7L, PythonLiteral.Parse("((7))", out _));
        Assert.IsType<PythonTuple>(PythonLiteral.Parse("((7,))", out _));
    }

    [Fact]
    public void TagsAreReadOnlyWhereAllowed()
    {
        Assert.Equal(new ForeignValue("a.B"), Parse("<type 'a.B'>"));
        Assert.Equal(new IndexValue("numpy.int64", -5L), Parse("<index 'numpy.int64' -5>"));
        Assert.Equal(new BufferValue(4096, 12, true), Parse("<buffer 4096 12 1>"));
        Assert.Throws<TensorFormatException>(() => PythonLiteral.Parse("<buffer 4096 12 1>", out _));

        static object? Parse(string text) => PythonLiteral.Parse(Encoding.UTF8.GetBytes(text), allowTags: true, out _);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("  ", 2)]
    [InlineData("{", 1)]
    [InlineData("{'a'}", 4)]
    [InlineData("{'a': }", 6)]
    [InlineData("{'a': 1 'b': 2}", 8)]
    [InlineData("[1, 2)", 5)]
    [InlineData("(1, 2", 5)]
    [InlineData("(,)", 1)]
    [InlineData("'abc", 4)]
    [InlineData("'\\q'", 0)]
    [InlineData("'\\ud800'", 0)]
    [InlineData("1 2", 2)]
    [InlineData("007", 0)]
    [InlineData("1_000", 1)]
    [InlineData("5L", 1)]
    [InlineData("--5", 1)]
    [InlineData("1.", -1)]
    [InlineData(".", 1)]
    [InlineData("1e", 2)]
    [InlineData("-e16", 1)]
    [InlineData("-.e1", 2)]
    [InlineData("0x", 2)]
    [InlineData("nothing", 0)]
    [InlineData("{[1]: 2}", 1)]
    [InlineData("{'a': 1, 'a': 2}", 14)]
    [InlineData("é", 0)]
    public void ErrorsNameTheByte(string text, int position)
    {
        if (position < 0)
        {
            PythonLiteral.Parse(text, out _);
            return;
        }

        string message = Assert.Throws<TensorFormatException>(() => PythonLiteral.Parse(text, out _)).Message;
        Assert.Contains($"at byte {position}:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void DepthAndSizeAreBounded()
    {
        Assert.Throws<TensorFormatException>(() => PythonLiteral.Parse(new string('[', 100_000), out _));
        Assert.NotNull(PythonLiteral.Parse(new string('[', 63) + new string(']', 63), out _));
        Assert.Throws<TensorFormatException>(() => PythonLiteral.Parse(new string(' ', LiteralReader.MaxLength + 1), out _));
        Assert.Throws<OverflowException>(() => PythonLiteral.Parse(new string('1', 5000), out _));
    }
}
