namespace TensorBridge.Accelerators.Kernels;

/// <summary>The devices that kernels can run on here.</summary>
internal static class KernelDevices
{
    /// <summary>The devices as errors list them: <c>cpu|cuda:0</c>.</summary>
    public static string Text => "cpu";

    /// <summary>Makes a bridge to the device that holds a kernel's data.</summary>
    /// <exception cref="TensorDeviceException">There is no accelerator for that device.</exception>
    public static AcceleratorBridge Open(Device device) => device.IsHostAccessible
        ? HostBridge.Create()
        : throw new TensorDeviceException($"no accelerator here works on {device}; pass one, or copy the tensors to {Text}");
}
