using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <summary>What there is to know about a device that ILGPU can run kernels on.</summary>
/// <param name="Device">The device as tensors name it: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:0</c>.</param>
/// <param name="Kind">ILGPU's kind: <c>CPU</c>, <c>Cuda</c>, <c>OpenCL</c>.</param>
/// <param name="Name">The name that its driver gives.</param>
/// <param name="WarpSize">Threads that run in step.</param>
/// <param name="MaxThreadsPerGroup">Most threads of a group.</param>
/// <param name="MemoryBytes">Bytes of its memory; null for the CPU, whose memory is the process's.</param>
public sealed record AcceleratorFacts(Device Device, string Kind, string Name, int WarpSize, int MaxThreadsPerGroup, long? MemoryBytes)
{
    /// <summary>Every device of this machine. Makes no accelerator and no context on a device.</summary>
    public static IReadOnlyList<AcceleratorFacts> Find()
    {
        // Installs the resolver first: ILGPU by itself does not find a driver that is only there as libcuda.so.1.
        _ = CudaBridge.DeviceCount;
        using Context context = Context.Create(builder => builder.AllAccelerators());
        var found = new List<AcceleratorFacts>();
        var counts = new Dictionary<AcceleratorType, int>();
        foreach (ILGPU.Runtime.Device device in context)
        {
            int id = counts.GetValueOrDefault(device.AcceleratorType);
            counts[device.AcceleratorType] = id + 1;
            found.Add(Of(device, id));
        }

        return found;
    }

    private static AcceleratorFacts Of(ILGPU.Runtime.Device device, int id)
    {
        DeviceType type = device.AcceleratorType switch
        {
            AcceleratorType.Cuda => DeviceType.Cuda,
            AcceleratorType.OpenCL => DeviceType.OpenCL,
            _ => DeviceType.Cpu,
        };
        long? memory = type == DeviceType.Cpu ? null : device.MemorySize;
        return new AcceleratorFacts(new Device(type, id), device.AcceleratorType.ToString(), device.Name, device.WarpSize, device.MaxNumThreadsPerGroup, memory);
    }
}
