using System.Numerics;

namespace TensorBridge.Python.Operations;

/// <summary>Equal bits: integers of one type, and items that are carried unread.</summary>
internal readonly struct EqualItems : IElementMatch<byte>
{
    public bool IsSure(Vector<byte> a, Vector<byte> b) => Vector.EqualsAll(a, b);

    public bool Decide(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceEqual(b);
}
