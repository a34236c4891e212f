namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of both 4-byte components of an 8-byte word.</summary>
internal readonly struct SwapUInt64By4 : IWordOp<ulong, ulong>
{
    public ulong Apply(ulong word) => Bytes.Swap4((uint)word) | ((ulong)Bytes.Swap4((uint)(word >> 32)) << 32);
}
