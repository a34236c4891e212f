using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>Memory that ILGPU did not allocate, as an ILGPU buffer: ILGPU copies and fills it, and never frees it.</summary>
internal sealed class ForeignCudaBuffer : MemoryBuffer
{
    public ForeignCudaBuffer(Accelerator accelerator, TensorHandle handle, nuint lowest, long length, int elementSize)
        : base(accelerator, length, elementSize)
    {
        Handle = handle;
        NativePtr = (nint)lowest;
    }

    /// <summary>The tensor whose memory this is: a view in use holds off the handle's finalizer.</summary>
    public TensorHandle Handle { get; }

    /// <inheritdoc/>
    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaMemSet((CudaStream)stream, value, targetView);

    /// <inheritdoc/>
    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaCopy((CudaStream)stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaCopy((CudaStream)stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => NativePtr = 0;
}
