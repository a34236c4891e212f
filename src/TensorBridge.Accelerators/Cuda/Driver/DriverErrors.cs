using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Names and texts of result codes.</summary>
internal static partial class DriverErrors
{
    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuGetErrorName")]
    public static partial CudaResult GetErrorName(CudaResult error, out nint text);

    [LibraryImport(DriverLibrary.Name, EntryPoint = "cuGetErrorString")]
    public static partial CudaResult GetErrorString(CudaResult error, out nint text);
}
