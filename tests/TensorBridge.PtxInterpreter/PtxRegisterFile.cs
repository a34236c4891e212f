using System.Globalization;

namespace TensorBridge.PtxInterpreter;

/// <summary>
/// Gives every name and every constant a row. A row holds one 64-bit cell for each of the 32 lanes of a warp, so that
/// an instruction never asks what kind of operand it has.
/// </summary>
public sealed class PtxRegisterFile
{
    private readonly Dictionary<string, int> rows = [];

    /// <summary>Rows filled once with the same value in all lanes.</summary>
    public List<(int Row, ulong Value)> Constants { get; } = [];

    /// <summary>Rows filled by the launch: <c>%tid.x</c> and the like.</summary>
    public List<(int Row, string Name)> Specials { get; } = [];

    public int Count { get; private set; }

    public int Register(string name) => Row(name, _ => { });

    public int Constant(ulong value) => Row("=" + value.ToString(CultureInfo.InvariantCulture), row => Constants.Add((row, value)));

    public int Special(string name) => Row(name, row => Specials.Add((row, name)));

    public static bool IsSpecial(string name) =>
        name.StartsWith("%tid", StringComparison.Ordinal) || name.StartsWith("%ntid", StringComparison.Ordinal)
        || name.StartsWith("%ctaid", StringComparison.Ordinal) || name.StartsWith("%nctaid", StringComparison.Ordinal)
        || name is "%laneid" or "%warpid" or "%dynamic_smem_size" or "%lanemask_lt" or "%lanemask_eq";

    /// <summary>Reads a literal: decimal, hexadecimal, or the bits of a float.</summary>
    public static bool TryLiteral(string text, out ulong value)
    {
        value = 0;
        bool bits = text.Length > 2 && text[0] == '0' && "xXfFdD".Contains(text[1]);
        if (bits)
            return ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
        if (!long.TryParse(text, CultureInfo.InvariantCulture, out long signed))
            return ulong.TryParse(text, CultureInfo.InvariantCulture, out value);
        value = (ulong)signed;
        return true;
    }

    private int Row(string key, Action<int> created)
    {
        if (rows.TryGetValue(key, out int row))
            return row;
        row = rows[key] = Count++;
        created(row);
        return row;
    }
}
