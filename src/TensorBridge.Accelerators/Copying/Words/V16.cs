namespace TensorBridge.Accelerators.Copying;

/// <summary>A word of 16 bytes: one 128-bit access on a device. Its address must be a multiple of 16.</summary>
internal struct V16
{
    public uint X;
    public uint Y;
    public uint Z;
    public uint W;
}
