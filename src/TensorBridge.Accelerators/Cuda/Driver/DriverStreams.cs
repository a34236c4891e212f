using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Streams, events, and host functions in streams.</summary>
internal static unsafe partial class DriverStreams
{
    /// <summary>Not ordered with the legacy default stream.</summary>
    public const uint NonBlocking = 1;

    /// <summary>An event that only orders: the cheapest kind.</summary>
    public const uint DisableTiming = 2;

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuStreamCreate")]
    public static partial CudaResult Create(out nint stream, uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuStreamDestroy_v2")]
    public static partial CudaResult Destroy(nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuStreamSynchronize")]
    public static partial CudaResult Synchronize(nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuStreamQuery")]
    public static partial CudaResult Query(nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuStreamGetCtx")]
    public static partial CudaResult GetContext(nint stream, out nint context);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuStreamWaitEvent")]
    public static partial CudaResult WaitEvent(nint stream, nint @event, uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuLaunchHostFunc")]
    public static partial CudaResult LaunchHostFunction(nint stream, delegate* unmanaged<nint, void> function, nint data);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuEventCreate")]
    public static partial CudaResult CreateEvent(out nint @event, uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuEventDestroy_v2")]
    public static partial CudaResult DestroyEvent(nint @event);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuEventRecord")]
    public static partial CudaResult RecordEvent(nint @event, nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuEventQuery")]
    public static partial CudaResult QueryEvent(nint @event);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuEventSynchronize")]
    public static partial CudaResult SynchronizeEvent(nint @event);
}
