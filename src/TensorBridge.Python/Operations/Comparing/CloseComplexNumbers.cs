using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Complex numbers, as pairs of parts, within a tolerance of their distance.</summary>
internal readonly struct CloseComplexNumbers(Tolerance tolerance) : IElementMatch<double>
{
    public bool IsSure(Vector<double> a, Vector<double> b) => tolerance.CoversEqual && Vector.EqualsAll(a, b);

    public bool Decide(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int i = 0; i < a.Length; i += 2)
        {
            if (!tolerance.Covers(new Complex(a[i], a[i + 1]), new Complex(b[i], b[i + 1])))
                return false;
        }

        return true;
    }
}
