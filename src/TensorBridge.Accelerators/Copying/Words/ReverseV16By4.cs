namespace TensorBridge.Accelerators.Copying;

/// <summary>Turns the order of the 4-byte elements in a 16-byte word round.</summary>
internal readonly struct ReverseV16By4 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = word.W;
        result.Y = word.Z;
        result.Z = word.Y;
        result.W = word.X;
        return result;
    }
}
