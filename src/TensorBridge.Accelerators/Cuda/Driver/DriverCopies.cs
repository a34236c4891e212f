using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Asynchronous copies: linear, pitched, between devices.</summary>
internal static unsafe partial class DriverCopies
{
    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemcpyAsync")]
    public static partial CudaResult Copy(nuint target, nuint source, nuint size, nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemcpyPeerAsync")]
    public static partial CudaResult CopyPeer(nuint target, nint targetContext, nuint source, nint sourceContext, nuint size, nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemcpy2DAsync_v2")]
    public static partial CudaResult Copy2D(in Copy2D copy, nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemcpy3DAsync_v2")]
    public static partial CudaResult Copy3D(in Copy3D copy, nint stream);
}
