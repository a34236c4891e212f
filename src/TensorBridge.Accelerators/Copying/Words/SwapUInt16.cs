namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of a 2-byte word.</summary>
internal readonly struct SwapUInt16 : IWordOp<ushort, ushort>
{
    public ushort Apply(ushort word) => (ushort)((word << 8) | (word >> 8));
}
