using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>How far apart two numbers may be: |a - b| ≤ absolute + relative · |b|, as in NumPy's <c>allclose</c>.</summary>
/// <param name="Relative">Relative to the second number.</param>
/// <param name="Absolute">In the unit of the numbers.</param>
/// <param name="EqualNaN">NaN is close to NaN.</param>
internal readonly record struct Tolerance(double Relative, double Absolute, bool EqualNaN)
{
    /// <summary>True where equal numbers are close, which negative tolerances and NaN deny.</summary>
    public bool CoversEqual => Relative >= 0 && Absolute >= 0;

    /// <summary>Infinities are close to themselves only, whatever the tolerances.</summary>
    public bool Covers(double a, double b) => double.IsFinite(a) && double.IsFinite(b)
        ? Math.Abs(a - b) <= Absolute + (Relative * Math.Abs(b))
        : a == b || (EqualNaN && double.IsNaN(a) && double.IsNaN(b));

    /// <inheritdoc cref="Covers(double, double)"/>
    public bool Covers(Complex a, Complex b) => Complex.IsFinite(a) && Complex.IsFinite(b)
        ? Complex.Abs(a - b) <= Absolute + (Relative * Complex.Abs(b))
        : a == b || (EqualNaN && IsNaN(a) && IsNaN(b));

    /// <summary>True only where all lanes are finite and close.</summary>
    public bool CoversFinite(Vector<double> a, Vector<double> b)
    {
        Vector<double> size = Vector.Abs(b);
        Vector<long> isClose = Vector.LessThanOrEqual(Vector.Abs(a - b), new Vector<double>(Absolute) + (new Vector<double>(Relative) * size));
        Vector<double> infinity = new(double.PositiveInfinity);
        Vector<long> isFinite = Vector.LessThan(Vector.Abs(a), infinity) & Vector.LessThan(size, infinity);
        return Vector.EqualsAll(isClose & isFinite, Vector<long>.AllBitsSet);
    }

    private static bool IsNaN(Complex value) => double.IsNaN(value.Real) || double.IsNaN(value.Imaginary);
}
