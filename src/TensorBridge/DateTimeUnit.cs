using System.Globalization;

namespace TensorBridge;

/// <summary>The unit of a date or time span: a base unit and a positive multiple, as in <c>M8[10us]</c>.</summary>
/// <param name="Symbol">One of <c>Y M W D h m s ms us ns ps fs as</c>; empty for the generic unit.</param>
/// <param name="Multiple">How many base units one tick stands for, 1 to 2^31-1.</param>
public readonly record struct DateTimeUnit(string Symbol, int Multiple = 1)
{
    private static readonly string[] Symbols = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"];

    /// <summary>No unit: ticks whose length nobody stated (<c>M8</c> without brackets).</summary>
    public static DateTimeUnit Generic => new(string.Empty);

    /// <summary>True for the generic unit.</summary>
    public bool IsGeneric => string.IsNullOrEmpty(Symbol);

    /// <summary>True when <paramref name="symbol"/> is a unit that NumPy knows.</summary>
    public static bool IsKnown(ReadOnlySpan<char> symbol)
    {
        foreach (string known in Symbols)
        {
            if (symbol.SequenceEqual(known))
                return true;
        }

        return false;
    }

    /// <summary>The unit as a typestr carries it: <c>[ns]</c>, <c>[10us]</c>, or nothing for the generic unit.</summary>
    public override string ToString() => IsGeneric
        ? string.Empty
        : Multiple == 1 ? $"[{Symbol}]" : string.Create(CultureInfo.InvariantCulture, $"[{Multiple}{Symbol}]");
}
