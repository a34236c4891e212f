namespace TensorBridge.Accelerators.Cuda;

/// <summary>The driver's <c>CUmemorytype</c>.</summary>
internal enum CopyMemoryType : uint
{
    Unknown = 0,
    Host = 1,
    Device = 2,
    Array = 3,
    Unified = 4,
}
