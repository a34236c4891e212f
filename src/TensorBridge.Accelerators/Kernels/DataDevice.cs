namespace TensorBridge.Accelerators.Kernels;

/// <summary>Finds the one device that holds all tensors of a launch.</summary>
internal static class DataDevice
{
    /// <exception cref="TensorDeviceException">The tensors are on different devices.</exception>
    public static Device Of(KernelMethod kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        int decider = -1;
        Device device = Device.Cpu;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Tensor is not { } tensor || !kernel.Binders[i].IsTensor)
                continue;
            Device own = tensor.Device;
            if (decider < 0 || IsReachable(from: own, device))
                (decider, device) = (i, own);
            else if (!IsReachable(from: device, own))
                throw Mixed(kernel, arguments, decider, i);
        }

        return device;
    }

    /// <summary>True when kernels of one device can use memory of another: page-locked and managed memory works from both sides.</summary>
    public static bool IsReachable(Device from, Device memory) => from == memory
        || (from.IsHostAccessible ? memory.IsHostAccessible : from.Type == DeviceType.Cuda && memory.Type is DeviceType.CudaHost or DeviceType.CudaManaged);

    private static TensorDeviceException Mixed(KernelMethod kernel, ReadOnlySpan<KernelArgument> arguments, int first, int second) =>
        new($"argument {first + 1} '{kernel.Parameters[first].Name}' {arguments[first]} and argument {second + 1} '{kernel.Parameters[second].Name}' {arguments[second]} are on different devices; copy one to the other's device first");
}
