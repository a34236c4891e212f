namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of every 2-byte component of a 16-byte word.</summary>
internal readonly struct SwapV16By2 : IWordOp<V16, V16>
{
    public V16 Apply(V16 word)
    {
        V16 result;
        result.X = Bytes.Swap2(word.X);
        result.Y = Bytes.Swap2(word.Y);
        result.Z = Bytes.Swap2(word.Z);
        result.W = Bytes.Swap2(word.W);
        return result;
    }
}
