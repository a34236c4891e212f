namespace TensorBridge.Accelerators.Copying;

/// <summary>Reverses the bytes of an 8-byte word.</summary>
internal readonly struct SwapUInt64 : IWordOp<ulong, ulong>
{
    public ulong Apply(ulong word) => ((ulong)Bytes.Swap4((uint)word) << 32) | Bytes.Swap4((uint)(word >> 32));
}
