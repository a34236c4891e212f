using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>The driver's <c>CUipcMemHandle</c>: 64 bytes without a meaning of their own.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IpcMemoryHandle
{
    public const int Size = 64;

    public HandleBytes Bytes;

    /// <summary>Room for the bytes.</summary>
    [InlineArray(Size)]
    public struct HandleBytes
    {
        private byte _first;
    }
}
