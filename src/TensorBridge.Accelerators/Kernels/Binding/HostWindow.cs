using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>A buffer that can be laid over any host memory, for the host engine: ILGPU's views must belong to one.</summary>
/// <remarks>It belongs to no accelerator, which ILGPU reads as the CPU; so making one neither starts nor registers anything.</remarks>
internal sealed class HostWindow : CPUMemoryBuffer
{
    public HostWindow()
        : base(null!, 0, 1) => GC.SuppressFinalize(this);

    /// <summary>Lays the window over the memory that begins at <paramref name="address"/>.</summary>
    public void MoveTo(nuint address) => NativePtr = (nint)address;

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => NativePtr = 0;
}
