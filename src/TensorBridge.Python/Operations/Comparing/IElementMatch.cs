using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>A rule that says which elements match. Two forms of it: one quick and cautious, one exact.</summary>
/// <typeparam name="T">What the elements are made of: numbers, or the two parts of complex ones.</typeparam>
internal interface IElementMatch<T>
    where T : unmanaged
{
    /// <summary>True only where all lanes match. May be false for rare values (NaN, infinities), which <see cref="Decide"/> then judges.</summary>
    bool IsSure(Vector<T> a, Vector<T> b);

    /// <summary>True where all elements match. Both spans are equally long and hold whole elements.</summary>
    bool Decide(ReadOnlySpan<T> a, ReadOnlySpan<T> b);
}
