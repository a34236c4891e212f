using TensorBridge.Accelerators;

namespace TensorBridge.Python.Operations;

/// <summary>New memory that is not the host's pooled memory: of a CUDA device, page-locked, managed.</summary>
internal static class DeviceAllocation
{
    /// <summary>True for a device that the pooled host allocator serves.</summary>
    public static bool IsHost(string? device) => device is null || Device.Parse(device).Type == DeviceType.Cpu;

    /// <summary>Memory dense in the order 'C' or 'F', uninitialised. On a device it comes and goes in the order of the stream.</summary>
    /// <exception cref="TensorDeviceException">There is no such device, or it has no memory left.</exception>
    public static TensorHandle Allocate(DType type, ReadOnlySpan<long> shape, Device device, long? stream, Order order = Order.C)
    {
        if (order != Order.F)
            return AllocateDense(type, shape, device, stream);
        long[] reversed = shape.ToArray();
        Array.Reverse(reversed);
        using TensorHandle memory = AllocateDense(type, reversed, device, stream);
        return memory.Transpose();
    }

    /// <summary>Memory with one item everywhere, enqueued on the stream.</summary>
    public static TensorHandle Filled(DType type, ReadOnlySpan<long> shape, Device device, long? stream, Order order, ReadOnlySpan<byte> item)
    {
        TensorHandle result = Allocate(type, shape, device, stream, order);
        try
        {
            Fill(result, item, stream);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Stores one item in every element, by the device.</summary>
    public static void Fill(TensorHandle target, ReadOnlySpan<byte> item, long? stream)
    {
        using DeviceWork work = DeviceWork.On(stream, target);
        work.Bridge.Fill(work.Take(target), item, work.Stream);
        work.WaitForHost();
    }

    private static TensorHandle AllocateDense(DType type, ReadOnlySpan<long> shape, Device device, long? stream)
    {
        if (device.Type is not (DeviceType.Cuda or DeviceType.CudaHost or DeviceType.CudaManaged))
            throw new TensorDeviceException($"no memory of {device} can be had here; write 'cpu', 'cuda:0', 'cuda_host' (page-locked) or 'cuda_managed'");
        using DeviceWork work = DeviceWork.On(stream, device);
        return device.Type switch
        {
            DeviceType.CudaHost => work.Bridge.AllocatePinned(type, shape),
            DeviceType.CudaManaged => work.Bridge.AllocateManaged(type, shape),
            _ => work.Bridge.AllocateOrdered(type, shape, work.Stream),
        };
    }
}
