namespace TensorBridge.Accelerators.Copying;

/// <summary>Turns the order of the 2-byte elements in a 16-byte word round.</summary>
internal readonly struct ReverseV16By2 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = Bytes.Exchange(word.W);
        result.Y = Bytes.Exchange(word.Z);
        result.Z = Bytes.Exchange(word.Y);
        result.W = Bytes.Exchange(word.X);
        return result;
    }
}
