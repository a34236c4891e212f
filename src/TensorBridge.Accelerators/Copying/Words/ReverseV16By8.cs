namespace TensorBridge.Accelerators.Copying;

/// <summary>Turns the order of the two 8-byte elements in a 16-byte word round.</summary>
internal readonly struct ReverseV16By8 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = word.Z;
        result.Y = word.W;
        result.Z = word.X;
        result.W = word.Y;
        return result;
    }
}
