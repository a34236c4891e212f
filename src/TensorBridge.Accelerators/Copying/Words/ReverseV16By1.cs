namespace TensorBridge.Accelerators.Copying;

/// <summary>Turns the order of the 1-byte elements in a 16-byte word round.</summary>
internal readonly struct ReverseV16By1 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = Bytes.Swap4(word.W);
        result.Y = Bytes.Swap4(word.Z);
        result.Z = Bytes.Swap4(word.Y);
        result.W = Bytes.Swap4(word.X);
        return result;
    }
}
