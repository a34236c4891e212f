using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Dates and durations of one unit.</summary>
/// <param name="equalNaN">NaT equals itself.</param>
internal readonly struct EqualTicks(bool equalNaN) : IElementMatch<long>
{
    private const long NotATime = long.MinValue;

    public bool IsSure(Vector<long> a, Vector<long> b) => Vector.EqualsAll(a, b) && (equalNaN || !Vector.EqualsAny(a, new Vector<long>(NotATime)));

    public bool Decide(ReadOnlySpan<long> a, ReadOnlySpan<long> b) => a.SequenceEqual(b) && (equalNaN || !a.Contains(NotATime));
}
