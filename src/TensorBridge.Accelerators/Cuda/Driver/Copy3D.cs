using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>The driver's <c>CUDA_MEMCPY3D</c>: slices of rows of bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Copy3D
{
    public nuint SourceXInBytes;
    public nuint SourceY;
    public nuint SourceZ;
    public nuint SourceLevel;
    public CopyMemoryType SourceMemoryType;
    public nuint SourceHost;
    public nuint SourceDevice;
    public nint SourceArray;
    public nint Reserved0;
    public nuint SourcePitch;
    public nuint SourceHeight;
    public nuint TargetXInBytes;
    public nuint TargetY;
    public nuint TargetZ;
    public nuint TargetLevel;
    public CopyMemoryType TargetMemoryType;
    public nuint TargetHost;
    public nuint TargetDevice;
    public nint TargetArray;
    public nint Reserved1;
    public nuint TargetPitch;
    public nuint TargetHeight;
    public nuint WidthInBytes;
    public nuint Height;
    public nuint Depth;
}
