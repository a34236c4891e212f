namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of all four 2-byte components of an 8-byte word.</summary>
internal readonly struct SwapUInt64By2 : IWordOp<ulong, ulong>
{
    public ulong Apply(ulong word) => Bytes.Swap2((uint)word) | ((ulong)Bytes.Swap2((uint)(word >> 32)) << 32);
}
