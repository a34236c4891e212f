using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>Casting rules and units of time against NumPy.</summary>
public class CastingRulesTests
{
    private static readonly string[] Types = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16", ">i4", ">f8", ">c8",
        "M8", "M8[s]", "M8[ms]", "M8[10s]", "M8[3s]", "M8[Y]", "M8[M]", "M8[W]", "M8[D]", "M8[ns]", "M8[ps]", "M8[as]", ">M8[s]",
        "m8", "m8[s]", "m8[ms]", "m8[10s]", "m8[3s]", "m8[Y]", "m8[M]", "m8[W]", "m8[D]", "m8[ns]", "m8[ps]", "m8[as]"];

    private static readonly string[] Units = ["Y", "M", "W", "D", "h", "s", "3s", "ms", "ns", "7D", "2M", "5Y"];

    [Theory]
    [InlineData(CastingRule.No)]
    [InlineData(CastingRule.Equiv)]
    [InlineData(CastingRule.Safe)]
    [InlineData(CastingRule.SameKind)]
    [InlineData(CastingRule.Unsafe)]
    public void RulesAreNumPys(CastingRule rule)
    {
        byte[] expected = NumPy.Run(
            "*names, rule = data.decode().split(',')\nfor a in names:\n    for b in names:\n        out.write(bytes([np.can_cast(a, b, rule)]))",
            System.Text.Encoding.ASCII.GetBytes(string.Join(',', Types) + "," + CastingRules.Name(rule)));
        int at = 0;
        foreach (string from in Types)
        {
            foreach (string to in Types)
                Assert.True(expected[at++] == 1 == CastingRules.CanCast(Parse(from), Parse(to), rule), $"{from} -> {to} under {rule}: NumPy says {expected[at - 1] == 1}");
        }
    }

    [Fact]
    public void NamesAreNumPys()
    {
        foreach (CastingRule rule in Enum.GetValues<CastingRule>())
            Assert.Equal(rule, CastingRules.Parse(CastingRules.Name(rule)));
        Assert.Equal("same_kind", CastingRules.Name(CastingRule.SameKind));
        Assert.Throws<TensorFormatException>(() => CastingRules.Parse("samekind"));
    }

    [Theory]
    [InlineData('M')]
    [InlineData('m')]
    public void TicksConvertAsInNumPy(char kind)
    {
        long[] ticks = [long.MinValue, 0, 1, -1, 2, 11, 12, 13, -11, -12, -13, 59, 60, -59, 365, 366, -365, -366, 1000, -1000, 18262, 20000, -20000, 123456, -123456];
        byte[] results = NumPy.Run(
            $"v = np.frombuffer(data, 'i8')\nu = '{string.Join(' ', Units)}'.split()\nfor a in u:\n    for b in u:\n        out.write(v.view('{kind}8[' + a + ']').astype('{kind}8[' + b + ']').tobytes())",
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(ticks.AsSpan()).ToArray());
        ReadOnlySpan<long> expected = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(results);
        int at = 0;
        foreach (string from in Units)
        {
            foreach (string to in Units)
            {
                var conversion = new DateTimeConversion(Parse($"{kind}8[{from}]"), Parse($"{kind}8[{to}]"));
                // Mean months to nanoseconds overflow inside NumPy.
                bool overflows = kind == 'm' && from[^1] is 'Y' or 'M' && to == "ns";
                foreach (long tick in ticks)
                    Assert.True(expected[at++] == conversion.Convert(tick) || overflows, $"{tick} {kind}8[{from}] -> [{to}]: expected {expected[at - 1]}, got {conversion.Convert(tick)}");
            }
        }
    }

    [Fact]
    public void BFloat16IsAFloat()
    {
        Assert.True(CastingRules.CanCast(DType.BFloat16, DType.Float32, CastingRule.Safe));
        Assert.True(CastingRules.CanCast(DType.UInt8, DType.BFloat16, CastingRule.Safe));
        Assert.True(CastingRules.CanCast(DType.BFloat16, DType.Float16, CastingRule.SameKind));
        Assert.False(CastingRules.CanCast(DType.BFloat16, DType.Float16, CastingRule.Safe));
        Assert.False(CastingRules.CanCast(DType.Int16, DType.BFloat16, CastingRule.Safe));
        Assert.False(CastingRules.CanCast(DType.Float16, DType.BFloat16, CastingRule.Safe));
    }

    private static DType Parse(string text)
    {
        bool big = text[0] == '>';
        string name = text.TrimStart('>');
        DType type = name[0] is 'M' or 'm' ? Time(name) : DType.Parse((name == "?" ? "|b1" : name[1..] == "1" ? "|" + name : "<" + name));
        return big ? type.WithByteOrder(ByteOrder.Big) : type;
    }

    private static DType Time(string name)
    {
        DateTimeUnit unit = DateTimeUnit.Generic;
        if (name.Length > 2)
        {
            string inner = name[3..^1];
            string digits = new([.. inner.TakeWhile(char.IsDigit)]);
            unit = new DateTimeUnit(inner[digits.Length..], digits.Length == 0 ? 1 : int.Parse(digits));
        }
        return name[0] == 'M' ? DType.DateTime64(unit) : DType.TimeDelta64(unit);
    }
}
