using ILGPU.Runtime;
using TensorBridge.Accelerators;

namespace TensorBridge.Python.Operations;

/// <summary>Comparisons by the device that holds the tensors. A plain number is sent there; an array is not.</summary>
internal static class DeviceComparison
{
    /// <summary>Asks a device.</summary>
    /// <param name="arguments">The call: its first two arguments are what the tensors were made of.</param>
    /// <param name="first">The first operand.</param>
    /// <param name="second">The second operand.</param>
    /// <param name="question">The question.</param>
    /// <exception cref="TensorDeviceException">The tensors are on different devices.</exception>
    public static bool Run(OperationArguments arguments, TensorHandle first, TensorHandle second, Func<CudaBridge, TensorHandle, TensorHandle, AcceleratorStream, bool> question)
    {
        using DeviceWork work = DeviceWork.On(null, first, second);
        using TensorHandle x = OnDevice(work, arguments[0], first);
        using TensorHandle y = OnDevice(work, arguments[1], second);
        if (!work.CanReach(x) || !work.CanReach(y))
            throw new TensorDeviceException($"{first} and {second} are on different devices; copy one to the other's with tensorbridge.to_device or to_host");
        return question(work.Bridge, x, y, work.Stream);
    }

    private static TensorHandle OnDevice(DeviceWork work, object? argument, TensorHandle operand)
    {
        if (argument is TensorHandle)
            return work.Take(operand).Share();
        TensorHandle number = work.Bridge.AllocateOrdered(operand.DType, [], work.Stream);
        try
        {
            work.Bridge.Copy(operand, number, work.Stream);
            return number;
        }
        catch
        {
            number.Dispose();
            throw;
        }
    }
}
