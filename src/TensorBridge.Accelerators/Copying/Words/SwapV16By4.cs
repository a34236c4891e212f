namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of every 4-byte component of a 16-byte word.</summary>
internal readonly struct SwapV16By4 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = Bytes.Swap4(word.X);
        result.Y = Bytes.Swap4(word.Y);
        result.Z = Bytes.Swap4(word.Z);
        result.W = Bytes.Swap4(word.W);
        return result;
    }
}
