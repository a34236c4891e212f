using System.Globalization;

namespace TensorBridge;

/// <summary>Writes the ticks of a date as ISO 8601, as far as the unit reaches: <c>2024-02-29T12:30:00.125</c>.</summary>
/// <remarks>Years before 0 and beyond 9999 carry a sign or more digits, as in NumPy. Calculated in 128 bits: no tick count overflows.</remarks>
internal static class DateTimeText
{
    /// <summary>The text of a point in time.</summary>
    /// <param name="ticks">Ticks since 1970.</param>
    /// <param name="unit">What one tick is.</param>
    public static string Format(long ticks, DateTimeUnit unit)
    {
        Int128 count = (Int128)ticks * unit.Multiple;
        switch (unit.Symbol)
        {
            case "Y":
                return Year(1970 + count);
            case "M":
                (Int128 years, Int128 months) = FloorDivide(count, 12);
                return $"{Year(1970 + years)}-{months + 1:00}";
            case "W":
                return Date(count * 7);
            case "D":
                return Date(count);
            case null or "":
                return ticks.ToString(CultureInfo.InvariantCulture);
        }

        (Int128 perDay, int digits) = unit.Symbol switch
        {
            "h" => (24, -2),
            "m" => (1440, -1),
            "s" => (86_400, 0),
            "ms" => (86_400_000, 3),
            "us" => (86_400_000_000, 6),
            "ns" => (86_400_000_000_000, 9),
            "ps" => (86_400_000_000_000_000, 12),
            "fs" => ((Int128)86_400_000_000_000_000 * 1000, 15),
            _ => ((Int128)86_400_000_000_000_000 * 1_000_000, 18),
        };
        (Int128 days, Int128 rest) = FloorDivide(count, perDay);
        return $"{Date(days)}T{Time(rest, perDay, digits)}";
    }

    // digits: -2 hours only, -1 minutes too, else seconds with so many places.
    private static string Time(Int128 rest, Int128 perDay, int digits)
    {
        (Int128 hours, Int128 inHour) = FloorDivide(rest, perDay / 24);
        if (digits == -2)
            return $"{hours:00}";
        (Int128 minutes, Int128 inMinute) = FloorDivide(inHour, perDay / 1440);
        if (digits == -1)
            return $"{hours:00}:{minutes:00}";
        (Int128 seconds, Int128 fraction) = FloorDivide(inMinute, perDay / 86_400);
        string text = $"{hours:00}:{minutes:00}:{seconds:00}";
        return digits == 0 ? text : text + "." + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    // The civil calendar from days since 1970-01-01, in eras of 400 years that start in March.
    private static string Date(Int128 days)
    {
        (Int128 era, Int128 dayOfEra) = FloorDivide(days + 719_468, 146_097);
        Int128 yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        Int128 dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        Int128 shifted = ((5 * dayOfYear) + 2) / 153;
        Int128 day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        Int128 month = shifted < 10 ? shifted + 3 : shifted - 9;
        Int128 year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return $"{Year(year)}-{month:00}-{day:00}";
    }

    private static string Year(Int128 year)
    {
        // As C prints %04d: a sign is one of the four characters.
        string digits = Int128.Abs(year).ToString(CultureInfo.InvariantCulture);
        return year < 0 ? "-" + digits.PadLeft(3, '0') : digits.PadLeft(4, '0');
    }

    private static (Int128 Quotient, Int128 Remainder) FloorDivide(Int128 dividend, Int128 divisor)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(dividend, divisor);
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder);
    }
}
