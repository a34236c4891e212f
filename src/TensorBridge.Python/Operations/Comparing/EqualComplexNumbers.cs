using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Complex numbers as pairs of parts. A number with NaN in either part is NaN.</summary>
/// <param name="equalNaN">NaN equals NaN.</param>
internal readonly struct EqualComplexNumbers<T>(bool equalNaN) : IElementMatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public bool IsSure(Vector<T> a, Vector<T> b) => Vector.EqualsAll(a, b);

    public bool Decide(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        for (int i = 0; i < a.Length; i += 2)
        {
            bool areEqual = a[i] == b[i] && a[i + 1] == b[i + 1];
            if (!areEqual && !(equalNaN && IsNaN(a, i) && IsNaN(b, i)))
                return false;
        }

        return true;
    }

    private static bool IsNaN(ReadOnlySpan<T> parts, int i) => T.IsNaN(parts[i]) || T.IsNaN(parts[i + 1]);
}
