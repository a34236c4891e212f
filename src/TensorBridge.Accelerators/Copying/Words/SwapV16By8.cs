namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of both 8-byte components of a 16-byte word.</summary>
internal readonly struct SwapV16By8 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = Bytes.Swap4(word.Y);
        result.Y = Bytes.Swap4(word.X);
        result.Z = Bytes.Swap4(word.W);
        result.W = Bytes.Swap4(word.Z);
        return result;
    }
}
