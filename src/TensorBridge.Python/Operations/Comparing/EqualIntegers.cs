using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Integers of different types, both brought to 64 bits.</summary>
/// <param name="isMixed">Only one side has signs: equal bits are equal numbers then, except that the topmost bit of one side alone is a sign.</param>
internal readonly struct EqualIntegers(bool isMixed) : IElementMatch<long>
{
    public bool IsSure(Vector<long> a, Vector<long> b) => Vector.EqualsAll(a, b) && (!isMixed || Vector.GreaterThanOrEqualAll(a, Vector<long>.Zero));

    public bool Decide(ReadOnlySpan<long> a, ReadOnlySpan<long> b) => a.SequenceEqual(b) && (!isMixed || !a.ContainsAnyInRange(long.MinValue, -1));
}
