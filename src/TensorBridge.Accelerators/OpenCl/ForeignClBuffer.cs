using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace TensorBridge.Accelerators.OpenCl;

/// <summary>An OpenCL buffer of this accelerator seen with items of another size; it frees nothing.</summary>
internal sealed class ForeignClBuffer : MemoryBuffer
{
    public ForeignClBuffer(MemoryBuffer buffer, TensorHandle handle, int elementSize)
        : base(buffer.Accelerator, buffer.LengthInBytes / elementSize, elementSize)
    {
        Buffer = buffer;
        Handle = handle;
        NativePtr = buffer.NativePtr;
    }

    /// <summary>The buffer that owns the memory, kept reachable.</summary>
    public MemoryBuffer Buffer { get; }

    /// <summary>The tensor whose memory this is: a view in use holds off the handle's finalizer.</summary>
    public TensorHandle Handle { get; }

    /// <inheritdoc/>
    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) =>
        CLMemoryBuffer.CLMemSet((CLStream)stream, value, targetView);

    /// <inheritdoc/>
    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        CLMemoryBuffer.CLCopy((CLStream)stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        CLMemoryBuffer.CLCopy((CLStream)stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => NativePtr = 0;
}
