using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Integers of 32 bits within a tolerance, the differences taken as 64-bit numbers.</summary>
internal readonly struct CloseInt32(Tolerance tolerance) : IElementMatch<int>
{
    public bool IsSure(Vector<int> a, Vector<int> b)
    {
        if (tolerance.CoversEqual && Vector.EqualsAll(a, b))
            return true;
        Vector.Widen(a, out Vector<long> lowA, out Vector<long> highA);
        Vector.Widen(b, out Vector<long> lowB, out Vector<long> highB);
        return tolerance.CoversFinite(Vector.ConvertToDouble(lowA), Vector.ConvertToDouble(lowB))
            && tolerance.CoversFinite(Vector.ConvertToDouble(highA), Vector.ConvertToDouble(highB));
    }

    public bool Decide(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!tolerance.Covers(a[i], b[i]))
                return false;
        }

        return true;
    }
}
