using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Numbers within a tolerance.</summary>
internal readonly struct CloseNumbers(Tolerance tolerance) : IElementMatch<double>
{
    public bool IsSure(Vector<double> a, Vector<double> b) => tolerance.CoversFinite(a, b);

    public bool Decide(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!tolerance.Covers(a[i], b[i]))
                return false;
        }

        return true;
    }
}
