namespace TensorBridge.Accelerators;

/// <summary>What the driver says an address is.</summary>
public enum CudaMemoryKind
{
    /// <summary>Nothing the driver knows: ordinary host memory, freed memory, or no memory at all.</summary>
    Unknown,

    /// <summary>Memory of a device.</summary>
    Device,

    /// <summary>Page-locked host memory.</summary>
    PinnedHost,

    /// <summary>Managed memory, reachable from host and device.</summary>
    Managed,
}
