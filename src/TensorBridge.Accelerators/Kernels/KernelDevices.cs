using ILGPU;
using ILGPU.Algorithms;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>The devices that kernels can run on here.</summary>
internal static class KernelDevices
{
    private static readonly Lazy<int> CudaCount = new(() => CudaBridge.DeviceCount);

    /// <summary>The devices as errors list them: <c>cpu|cuda:0</c>.</summary>
    public static string Text => string.Join('|', Enumerable.Range(0, CudaCount.Value).Select(id => Device.Cuda(id).ToString()).Prepend("cpu"));

    /// <summary>Makes a bridge to the device that holds a kernel's data.</summary>
    /// <exception cref="TensorDeviceException">There is no accelerator for that device.</exception>
    public static AcceleratorBridge Open(Device device)
    {
        if (device.IsHostAccessible)
            return HostBridge.CreateForModules();
        return device.Type == DeviceType.Cuda
            ? CudaBridge.Create(device.Id, new CudaBridgeOptions { Configure = static builder => builder.EnableAlgorithms() })
            : throw new TensorDeviceException($"no accelerator here works on {device}; pass one, or copy the tensors to {Text}");
    }
}
