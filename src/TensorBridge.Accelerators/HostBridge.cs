using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace TensorBridge.Accelerators;

/// <summary>Shows host memory to ILGPU's CPU accelerator, without a copy.</summary>
/// <remarks>
/// The CPU accelerator emulates a GPU, one thread per lane: it is for correctness at small sizes, thousands of times
/// slower than memory. Copies of host memory go through <c>TensorCopy</c> instead.
/// </remarks>
public sealed class HostBridge : AcceleratorBridge
{
    // Threads of the emulator are started when a group first needs them.
    private const int UsualWarps = 8;
    private const int MostWarps = 32;

    private HostBridge(Context context, Accelerator accelerator)
        : base(context, accelerator, Device.Cpu)
    {
    }

    /// <summary>Makes an accelerator of warps of 32 lanes and groups of up to 256 threads, as kernels for GPUs expect.</summary>
    public static HostBridge Create() => Create(UsualWarps);

    /// <summary>As <see cref="Create()"/>, with groups of up to 1024 threads, the most that GPUs have.</summary>
    internal static HostBridge CreateForModules() => Create(MostWarps);

    private static HostBridge Create(int warps)
    {
        Context context = Context.Create(builder => builder.CPU(new CPUDevice(32, warps, 1)).Optimize(OptimizationLevel.O2).EnableAlgorithms());
        try
        {
            return new HostBridge(context, context.CreateCPUAccelerator(0));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    internal override bool CanReach(Device device) => device.IsHostAccessible;

    private protected override MemoryBuffer Wrap(TensorHandle handle, nuint lowest, long length, int elementSize) =>
        new ForeignHostBuffer(Accelerator, handle, lowest, length, elementSize);
}
