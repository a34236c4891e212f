namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of a 4-byte word.</summary>
internal readonly struct SwapUInt32 : IWordOp<uint, uint>
{
    public uint Apply(uint word) => Bytes.Swap4(word);
}
