using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace TensorBridge.Accelerators;

/// <summary>Host memory that somebody else owns, as an ILGPU buffer: ILGPU never frees it.</summary>
/// <remarks>It keeps the handle reachable, so that a view in use holds off the handle's finalizer; it does not hold a count.</remarks>
internal sealed class ForeignHostBuffer : CPUMemoryBuffer
{
    private readonly TensorHandle _handle;

    public ForeignHostBuffer(Accelerator accelerator, TensorHandle handle, nuint lowest, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        _handle = handle;
        NativePtr = (nint)lowest;
    }

    /// <summary>The tensor whose memory this is.</summary>
    public TensorHandle Handle => _handle;

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => NativePtr = 0;
}
