using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Booleans of the same truth: every byte but 0 is true.</summary>
internal readonly struct EqualBooleans : IElementMatch<byte>
{
    public bool IsSure(Vector<byte> a, Vector<byte> b) => Vector.EqualsAll(a, b);

    public bool Decide(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != 0 != (b[i] != 0))
                return false;
        }

        return true;
    }
}
