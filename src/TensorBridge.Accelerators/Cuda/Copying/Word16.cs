using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>16 bytes that a kernel moves in one access. Public because kernels need it.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public struct Word16
{
    /// <summary>The four words.</summary>
    public uint X, Y, Z, W;
}
