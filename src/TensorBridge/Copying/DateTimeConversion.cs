namespace TensorBridge.Copying;

/// <summary>Ticks of one date or time unit to ticks of another, as NumPy 1.24 converts them.</summary>
/// <remarks>
/// Results are rounded down. Dates go between months or years and the rest by the calendar; durations by the mean Gregorian year of
/// 365.2425 days. "Not a time" stays so. Ticks without a unit are taken as they are. What leaves 64 bits wraps.
/// </remarks>
internal sealed class DateTimeConversion
{
    private const long NotATime = long.MinValue;
    private const int Months = 1;
    private const int Days = 3;
    private const int Generic = 13;

    private static readonly string[] Symbols = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"];

    /// <summary>How many of the next smaller unit make one: years in months up to femtoseconds in attoseconds. A month has a mean length.</summary>
    private static readonly long[] Factors = [12, 0, 7, 24, 60, 60, 1000, 1000, 1000, 1000, 1000, 1000];

    private readonly int _from;
    private readonly int _to;
    private readonly int _fromMultiple;
    private readonly int _toMultiple;
    private readonly bool _calendar;
    private readonly Int128 _numerator;
    private readonly Int128 _denominator;

    public DateTimeConversion(DType from, DType to)
    {
        _from = Rank(from.Unit);
        _to = Rank(to.Unit);
        _fromMultiple = from.Unit.IsGeneric ? 1 : from.Unit.Multiple;
        _toMultiple = to.Unit.IsGeneric ? 1 : to.Unit.Multiple;
        IsIdentity = from.Kind != to.Kind || _from == Generic || _to == Generic || (_from == _to && _fromMultiple == _toMultiple);
        _calendar = from.Kind == ElementKind.DateTime && (_from <= Months) != (_to <= Months);
        if (IsIdentity)
            return;
        (_numerator, _denominator) = Ratio(_from, _to);
        _numerator *= _fromMultiple;
        _denominator *= _toMultiple;
        Int128 divisor = GreatestCommonDivisor(_numerator, _denominator);
        _numerator /= divisor;
        _denominator /= divisor;
    }

    /// <summary>True when ticks are taken as they are.</summary>
    public bool IsIdentity { get; }

    public long Convert(long ticks)
    {
        if (ticks == NotATime || IsIdentity)
            return ticks;
        if (!_calendar)
            return unchecked((long)FloorDivide(ticks * _numerator, _denominator));
        return _from <= Months ? FromCalendar(ticks) : ToCalendar(ticks);
    }

    /// <summary>NumPy's rule for two dates or two durations.</summary>
    public static bool CanCast(DType from, DType to, CastingRule rule)
    {
        int source = Rank(from.Unit);
        int destination = Rank(to.Unit);
        if (source == Generic || destination == Generic)
            return source == Generic;
        bool isDate = from.Kind == ElementKind.DateTime;
        bool crosses = (source <= Months) != (destination <= Months);
        if (rule == CastingRule.SameKind)
            return isDate || !crosses;
        if (source > destination)
            return false;
        if (crosses)
            return isDate;
        (Int128 factor, _) = Ratio(source, destination);
        // NumPy refuses factors of 2^56 and more: they would leave no room for ticks.
        return factor >> 56 == 0 && factor * from.Unit.Multiple % to.Unit.Multiple == 0;
    }

    /// <summary>Months or years since 1970 to the first day of that month, then on by fixed factors.</summary>
    private long FromCalendar(long ticks)
    {
        Int128 months = (Int128)ticks * _fromMultiple * (_from == 0 ? 12 : 1);
        Int128 year = FloorDivide(months, 12);
        int month = (int)(months - (year * 12));
        (Int128 numerator, Int128 denominator) = Ratio(Days, _to);
        return unchecked((long)FloorDivide(FirstDay(year + 1970, month + 1) * numerator, denominator * _toMultiple));
    }

    private long ToCalendar(long ticks)
    {
        (Int128 numerator, Int128 denominator) = Ratio(_from, Days);
        Int128 days = FloorDivide((Int128)ticks * _fromMultiple * numerator, denominator);
        (Int128 year, int month) = MonthOf(days);
        Int128 months = ((year - 1970) * 12) + month - 1;
        return unchecked((long)FloorDivide(months, (_to == 0 ? 12 : 1) * (Int128)_toMultiple));
    }

    /// <summary>Days from 1970-01-01 to the first of a month in the proleptic Gregorian calendar; years start in March for the arithmetic.</summary>
    private static Int128 FirstDay(Int128 year, int month)
    {
        Int128 shifted = month <= 2 ? year - 1 : year;
        Int128 era = FloorDivide(shifted, 400);
        Int128 yearOfEra = shifted - (era * 400);
        int dayOfYear = ((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5;
        return (era * 146097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719468;
    }

    private static (Int128 Year, int Month) MonthOf(Int128 days)
    {
        days += 719468;
        Int128 era = FloorDivide(days, 146097);
        int day = (int)(days - (era * 146097));
        int yearOfEra = (day - (day / 1460) + (day / 36524) - (day / 146096)) / 365;
        int dayOfYear = day - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int shifted = ((5 * dayOfYear) + 2) / 153;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        return ((era * 400) + yearOfEra + (month <= 2 ? 1 : 0), month);
    }

    /// <summary>One tick of <paramref name="from"/> in ticks of <paramref name="to"/>, as a fraction.</summary>
    private static (Int128 Numerator, Int128 Denominator) Ratio(int from, int to)
    {
        if (from > to)
        {
            (Int128 numerator, Int128 denominator) = Ratio(to, from);
            return (denominator, numerator);
        }
        Int128 product = 1;
        Int128 divisor = 1;
        for (int unit = from; unit < to; unit++)
        {
            if (unit == Months)
            {
                // 400 years have 146097 days and 4800 months; weeks are left aside on the way from months to days.
                product *= 146097;
                divisor *= to == 2 ? 4800 * 7 : 4800;
                if (to > 2)
                    unit++;
            }
            else
            {
                product *= Factors[unit];
            }
        }
        return (product, divisor);
    }

    private static int Rank(DateTimeUnit unit) => unit.IsGeneric ? Generic : Array.IndexOf(Symbols, unit.Symbol);

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }

    private static Int128 FloorDivide(Int128 dividend, Int128 divisor)
    {
        Int128 quotient = dividend / divisor;
        return dividend % divisor < 0 ? quotient - 1 : quotient;
    }
}
