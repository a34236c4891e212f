using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Initialisation, devices, primary contexts and the calling thread's stack of contexts.</summary>
internal static partial class DriverContexts
{
    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuInit")]
    public static partial CudaResult Initialize(uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuDeviceGetCount")]
    public static partial CudaResult GetDeviceCount(out int count);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial CudaResult RetainPrimary(out nint context, int device);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial CudaResult ReleasePrimary(int device);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuDevicePrimaryCtxGetState")]
    public static partial CudaResult GetPrimaryState(int device, out uint flags, out int isActive);

    /// <summary>Under the redirect this retains the primary context.</summary>
    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxCreate_v2")]
    public static partial CudaResult Create(out nint context, uint flags, int device);

    /// <summary>Under the redirect this releases the primary context.</summary>
    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxDestroy_v2")]
    public static partial CudaResult Destroy(nint context);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxPushCurrent_v2")]
    public static partial CudaResult Push(nint context);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxPopCurrent_v2")]
    public static partial CudaResult Pop(out nint context);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxGetCurrent")]
    public static partial CudaResult GetCurrent(out nint context);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxSetCurrent")]
    public static partial CudaResult SetCurrent(nint context);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuCtxSynchronize")]
    public static partial CudaResult Synchronize();

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuDeviceCanAccessPeer")]
    public static partial CudaResult CanAccessPeer(out int possible, int device, int peer);
}
