using System.Globalization;

namespace TensorBridge.Cli.Inspection;

/// <summary>Dates and spans of 64-bit ticks as text.</summary>
internal static class TickText
{
    private const long NotATime = long.MinValue;
    private const int EpochYear = 1970;

    // The units of less than a second, with the digits behind the point.
    private static readonly (string Symbol, int Digits)[] Fractions = [("ms", 3), ("us", 6), ("ns", 9), ("ps", 12), ("fs", 15), ("as", 18)];

    /// <summary>ISO 8601 down to the unit, or the plain ticks beyond the years 1 to 9999.</summary>
    public static string Date(long ticks, DateTimeUnit unit)
    {
        if (ticks == NotATime)
            return "NaT";
        Int128 count = (Int128)ticks * unit.Multiple;
        return unit.Symbol switch
        {
            "Y" => InRange(EpochYear + count) ? Invariant($"{(int)(EpochYear + count):d4}") : Plain(ticks, unit),
            "M" => Month(count) ?? Plain(ticks, unit),
            "W" => Seconds(count * 604800, "yyyy-MM-dd") ?? Plain(ticks, unit),
            "D" => Seconds(count * 86400, "yyyy-MM-dd") ?? Plain(ticks, unit),
            "h" => Seconds(count * 3600, "yyyy-MM-ddTHH") ?? Plain(ticks, unit),
            "m" => Seconds(count * 60, "yyyy-MM-ddTHH:mm") ?? Plain(ticks, unit),
            "s" => Seconds(count, "yyyy-MM-ddTHH:mm:ss") ?? Plain(ticks, unit),
            _ => Fraction(count, unit.Symbol) ?? Plain(ticks, unit),
        };
    }

    /// <summary>The ticks with their unit.</summary>
    public static string Span(long ticks, DateTimeUnit unit) => ticks == NotATime ? "NaT" : Plain(ticks, unit);

    private static string Plain(long ticks, DateTimeUnit unit) =>
        Invariant($"{ticks}{(unit.IsGeneric ? string.Empty : unit.Multiple == 1 ? $" {unit.Symbol}" : $" x {unit.Multiple} {unit.Symbol}")}");

    private static string? Month(Int128 count)
    {
        (Int128 years, Int128 months) = FloorDivide(count, 12);
        return InRange(EpochYear + years) ? Invariant($"{(int)(EpochYear + years):d4}-{(int)months + 1:d2}") : null;
    }

    private static string? Seconds(Int128 seconds, string format)
    {
        Int128 ticks = (seconds * TimeSpan.TicksPerSecond) + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime((long)ticks).ToString(format, CultureInfo.InvariantCulture) : null;
    }

    private static string? Fraction(Int128 count, string symbol)
    {
        int digits = Fractions.FirstOrDefault(f => f.Symbol == symbol).Digits;
        if (digits == 0)
            return null;
        Int128 perSecond = 1;
        for (int i = 0; i < digits; i++)
            perSecond *= 10;
        (Int128 seconds, Int128 rest) = FloorDivide(count, perSecond);
        string? whole = Seconds(seconds, "yyyy-MM-ddTHH:mm:ss");
        return whole is null ? null : $"{whole}.{((long)rest).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0')}";
    }

    private static (Int128 Quotient, Int128 Remainder) FloorDivide(Int128 value, Int128 by)
    {
        Int128 rest = ((value % by) + by) % by;
        return ((value - rest) / by, rest);
    }

    private static bool InRange(Int128 year) => year >= 1 && year <= 9999;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
