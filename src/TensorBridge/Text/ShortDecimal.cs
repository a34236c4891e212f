using System.Globalization;
using System.Numerics;

namespace TensorBridge;

/// <summary>A float in decimal: the fewest digits that read back as the same float, cut after a number of places.</summary>
/// <param name="IsNegative">True with a minus sign, for -0 too.</param>
/// <param name="Integer">Digits before the point, at least one.</param>
/// <param name="Fraction">Digits behind the point without trailing zeros; may be empty.</param>
/// <param name="Exponent">The power of ten; 0 in positional form.</param>
internal readonly record struct ShortDecimal(bool IsNegative, string Integer, string Fraction, int Exponent)
{
    /// <summary>Converts a finite float.</summary>
    /// <param name="value">The float, widened.</param>
    /// <param name="width">Bytes of its own type: 2, 4 or 8.</param>
    /// <param name="precision">The most digits behind the point.</param>
    /// <param name="scientific">One digit before the point and an exponent, instead of positional form.</param>
    /// <param name="least">The fewest digits behind the point in scientific form: they come from the float itself, not zeros.</param>
    public static ShortDecimal Of(double value, int width, int precision, bool scientific, int least = 0)
    {
        bool negative = double.IsNegative(value);
        (string digits, int exponent) = Shortest(Math.Abs(value), width);
        int places = scientific ? digits.Length - 1 : Math.Max(0, digits.Length - 1 - exponent);
        if (places > precision || (places < least && value != 0))
        {
            int kept = Math.Clamp(places, least, precision);
            int scale = scientific ? kept - exponent : kept;
            digits = RoundHalfEven(Math.Abs(value), scale).ToString(CultureInfo.InvariantCulture);
            exponent = digits.Length - 1 - scale;
        }

        // In front of the point there are no cuts: the digits are those of the float itself.
        if (!scientific && digits.Length <= exponent)
        {
            digits = RoundHalfEven(Math.Abs(value), 0).ToString(CultureInfo.InvariantCulture);
            exponent = digits.Length - 1;
        }

        return scientific
            ? new ShortDecimal(negative, digits[..1], digits[1..].TrimEnd('0'), value == 0 ? 0 : exponent)
            : Positional(negative, digits, exponent);
    }

    private static ShortDecimal Positional(bool negative, string digits, int exponent)
    {
        if (exponent < 0)
            return new ShortDecimal(negative, "0", (new string('0', -exponent - 1) + digits).TrimEnd('0'), 0);
        string padded = digits.PadRight(exponent + 1, '0');
        return new ShortDecimal(negative, padded[..(exponent + 1)], padded[(exponent + 1)..].TrimEnd('0'), 0);
    }

    // The digits without point and trailing zeros, and the power of ten of the first one.
    private static (string Digits, int Exponent) Shortest(double value, int width)
    {
        string text = width switch
        {
            2 => ((Half)value).ToString(CultureInfo.InvariantCulture),
            4 => ((float)value).ToString("R", CultureInfo.InvariantCulture),
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
        int mark = text.IndexOf('E');
        int exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.');
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        string digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        int zeros = digits.Length - digits.TrimStart('0').Length;
        if (zeros == digits.Length)
            return ("0", 0);
        return (digits[zeros..].TrimEnd('0'), exponent - zeros);
    }

    // value * 10^scale, rounded exactly, ties to even: the digits that Dragon4 would stop at.
    private static BigInteger RoundHalfEven(double value, int scale)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int power = (int)((bits >> 52) & 0x7FF);
        BigInteger numerator = power == 0 ? bits & 0xFFFFFFFFFFFFF : (bits & 0xFFFFFFFFFFFFF) | (1L << 52);
        int shift = (power == 0 ? 1 : power) - 1075;
        BigInteger denominator = BigInteger.One;
        if (scale >= 0)
            numerator *= BigInteger.Pow(10, scale);
        else
            denominator = BigInteger.Pow(10, -scale);
        if (shift >= 0)
            numerator <<= shift;
        else
            denominator <<= -shift;
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int comparison = (remainder * 2).CompareTo(denominator);
        return comparison > 0 || (comparison == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
