namespace TensorBridge.Python.Operations;

/// <summary>The question whether the processor may read a tensor's elements.</summary>
internal static class HostMemory
{
    /// <summary>True when it may, now. Managed CUDA memory may not be touched while kernels use it, and nobody knows here.</summary>
    public static bool Holds(TensorHandle tensor) => tensor.Device.IsHostAccessible && tensor.Device.Type != DeviceType.CudaManaged;

    /// <summary>The tensor itself.</summary>
    /// <exception cref="TensorDeviceException">Its elements are out of reach.</exception>
    public static TensorHandle Of(TensorHandle tensor) =>
        Holds(tensor) ? tensor : throw new TensorDeviceException($"the elements of {tensor} are not in host memory; copy them there first with tensorbridge.to_host(x)");
}
