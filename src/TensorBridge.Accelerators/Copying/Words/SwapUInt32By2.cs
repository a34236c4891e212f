namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of both 2-byte components of a 4-byte word.</summary>
internal readonly struct SwapUInt32By2 : IWordOp<uint, uint>
{
    public uint Apply(uint word) => Bytes.Swap2(word);
}
