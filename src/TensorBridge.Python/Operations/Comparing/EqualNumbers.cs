using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Floating-point numbers, equal as IEEE 754 has it: 0 and -0 are, NaN is not.</summary>
/// <param name="equalNaN">NaN equals NaN.</param>
internal readonly struct EqualNumbers<T>(bool equalNaN) : IElementMatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public bool IsSure(Vector<T> a, Vector<T> b) => Vector.EqualsAll(a, b);

    public bool Decide(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && !(equalNaN && T.IsNaN(a[i]) && T.IsNaN(b[i])))
                return false;
        }

        return true;
    }
}
