namespace TensorBridge.Accelerators.Kernels;

/// <summary>Finds the one device that holds all tensors of a launch.</summary>
internal static class DataDevice
{
    /// <exception cref="TensorDeviceException">The tensors are on different devices.</exception>
    public static Device Of(KernelMethod kernel, ReadOnlySpan<KernelArgument> arguments)
    {
        int first = -1;
        Device device = Device.Cpu;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Tensor is not { } tensor || !kernel.Binders[i].IsTensor)
                continue;
            Device own = tensor.Device;
            if (first < 0)
                (first, device) = (i, own);
            else if (own != device && !(own.IsHostAccessible && device.IsHostAccessible))
                throw Mixed(kernel, arguments, first, i);
        }

        return device;
    }

    private static TensorDeviceException Mixed(KernelMethod kernel, ReadOnlySpan<KernelArgument> arguments, int first, int second) =>
        new($"argument {first + 1} '{kernel.Parameters[first].Name}' {arguments[first]} and argument {second + 1} '{kernel.Parameters[second].Name}' {arguments[second]} are on different devices; copy one to the other's device first");
}
