using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>The driver's <c>CUDA_MEMCPY2D</c>: rows of bytes at a pitch on either side.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Copy2D
{
    public nuint SourceXInBytes;
    public nuint SourceY;
    public CopyMemoryType SourceMemoryType;
    public nuint SourceHost;
    public nuint SourceDevice;
    public nint SourceArray;
    public nuint SourcePitch;
    public nuint TargetXInBytes;
    public nuint TargetY;
    public CopyMemoryType TargetMemoryType;
    public nuint TargetHost;
    public nuint TargetDevice;
    public nint TargetArray;
    public nuint TargetPitch;
    public nuint WidthInBytes;
    public nuint Height;
}
