using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Numbers of 32 bits within a tolerance, the differences taken in 64 bits.</summary>
internal readonly struct CloseSingles(Tolerance tolerance) : IElementMatch<float>
{
    public bool IsSure(Vector<float> a, Vector<float> b)
    {
        Vector.Widen(a, out Vector<double> lowA, out Vector<double> highA);
        Vector.Widen(b, out Vector<double> lowB, out Vector<double> highB);
        return tolerance.CoversFinite(lowA, lowB) && tolerance.CoversFinite(highA, highB);
    }

    public bool Decide(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!tolerance.Covers(a[i], b[i]))
                return false;
        }

        return true;
    }
}
