using System.Globalization;

namespace TensorBridge;

/// <summary>Writes the floats of one column: the shortest digits that tell them apart, at most 8 after the point, aligned at it.</summary>
/// <remarks>
/// NumPy's rule (<c>floatmode='maxprec'</c>, precision 8): scientific when the largest magnitude reaches 1e8, the smallest
/// stays below 1e-4, or their ratio exceeds 1000.
/// </remarks>
internal sealed class FloatColumn
{
    private const int Precision = 8;

    private readonly int _width;
    private readonly bool _showPlus;
    private readonly bool _scientific;
    private readonly int _fraction;
    private readonly int _exponentDigits = 2;
    private readonly int _padLeft;
    private readonly int _padRight;

    /// <param name="values">All values of the column.</param>
    /// <param name="width">Bytes of the float type (2, 4, 8), which decides what "shortest" means.</param>
    /// <param name="showPlus">Whether positive numbers carry a sign.</param>
    public FloatColumn(IEnumerable<double> values, int width, bool showPlus)
    {
        _width = width;
        _showPlus = showPlus;
        List<double> all = [.. values];
        List<double> finite = [.. all.Where(double.IsFinite)];
        _scientific = NeedsScientific(finite);
        foreach (double value in finite)
        {
            ShortDecimal number = ShortDecimal.Of(value, width, Precision, _scientific);
            _padLeft = Math.Max(_padLeft, Sign(number.IsNegative).Length + number.Integer.Length);
            _fraction = Math.Max(_fraction, number.Fraction.Length);
            _exponentDigits = Math.Max(_exponentDigits, Math.Abs(number.Exponent).ToString(CultureInfo.InvariantCulture).Length);
        }

        _padRight = _scientific ? _exponentDigits + 2 + _fraction : _fraction;
        if (all.Count > finite.Count)
        {
            int infinity = 3 + (showPlus || all.Any(double.IsNegativeInfinity) ? 1 : 0);
            _padLeft = Math.Max(_padLeft, Math.Max(3, infinity) - _padRight - 1);
        }
    }

    /// <summary>The value with the column's width.</summary>
    public string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            string special = double.IsNaN(value) ? (_showPlus ? "+nan" : "nan") : Sign(value < 0) + "inf";
            return special.PadLeft(_padLeft + _padRight + 1);
        }

        ShortDecimal number = ShortDecimal.Of(value, _width, Precision, _scientific, _scientific ? _fraction : 0);
        string text = (Sign(number.IsNegative) + number.Integer).PadLeft(_padLeft) + ".";
        if (!_scientific)
            return text + number.Fraction.PadRight(_padRight);
        string exponent = Math.Abs(number.Exponent).ToString(CultureInfo.InvariantCulture).PadLeft(_exponentDigits, '0');
        return text + number.Fraction.PadRight(_fraction, '0') + (number.Exponent < 0 ? "e-" : "e+") + exponent;
    }

    private static bool NeedsScientific(List<double> finite)
    {
        double largest = 0;
        double smallest = double.PositiveInfinity;
        foreach (double value in finite)
        {
            double magnitude = Math.Abs(value);
            if (magnitude == 0)
                continue;
            largest = Math.Max(largest, magnitude);
            smallest = Math.Min(smallest, magnitude);
        }

        return largest != 0 && (largest >= 1e8 || smallest < 0.0001 || largest / smallest > 1000);
    }

    private string Sign(bool negative) => negative ? "-" : _showPlus ? "+" : string.Empty;
}
