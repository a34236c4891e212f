using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Memory handles between processes.</summary>
internal static unsafe partial class DriverIpc
{
    /// <summary>The one flag that the driver accepts: peer access is enabled when it is needed.</summary>
    public const uint LazyPeerAccess = 1;

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuIpcGetMemHandle")]
    public static partial CudaResult GetHandle(out IpcMemoryHandle handle, nuint address);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuIpcOpenMemHandle_v2")]
    public static partial CudaResult OpenHandle(out nuint address, IpcMemoryHandle handle, uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuIpcCloseMemHandle")]
    public static partial CudaResult CloseHandle(nuint address);
}
