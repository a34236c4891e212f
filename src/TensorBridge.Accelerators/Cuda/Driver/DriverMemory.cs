using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Allocation, and what the driver knows about an address.</summary>
internal static unsafe partial class DriverMemory
{
    /// <summary>Managed memory that any stream may use.</summary>
    public const uint AttachGlobal = 1;

    /// <summary>Page-locked memory that every context may use.</summary>
    public const uint Portable = 1;

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemAlloc_v2")]
    public static partial CudaResult Allocate(out nuint address, nuint size);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemFree_v2")]
    public static partial CudaResult Free(nuint address);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemAllocManaged")]
    public static partial CudaResult AllocateManaged(out nuint address, nuint size, uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemHostAlloc")]
    public static partial CudaResult AllocateHost(out nuint address, nuint size, uint flags);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemFreeHost")]
    public static partial CudaResult FreeHost(nuint address);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemAllocAsync")]
    public static partial CudaResult AllocateAsync(out nuint address, nuint size, nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemFreeAsync")]
    public static partial CudaResult FreeAsync(nuint address, nint stream);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuPointerGetAttributes")]
    public static partial CudaResult GetAttributes(uint count, int* attributes, void** values, nuint address);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuMemGetAddressRange_v2")]
    public static partial CudaResult GetAddressRange(out nuint start, out nuint size, nuint address);
}
