using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A buffer from address 0 to the end of the address space: an address is an index in it. It owns nothing and frees nothing.</summary>
internal sealed class AddressSpace : MemoryBuffer
{
    public AddressSpace(Accelerator accelerator)
        : base(accelerator, long.MaxValue, 1)
    {
    }

    /// <inheritdoc/>
    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView)
    {
        if (AcceleratorType == AcceleratorType.Cuda)
            CudaMemoryBuffer.CudaMemSet(stream as CudaStream, value, targetView);
        else
            CPUMemoryBuffer.CPUMemSet(targetView.LoadEffectiveAddressAsPtr(), value, 0, targetView.LengthInBytes);
    }

    /// <inheritdoc/>
    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) => Copy(stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) => Copy(stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }

    private unsafe void Copy(AcceleratorStream stream, in ArrayView<byte> source, in ArrayView<byte> target)
    {
        if (AcceleratorType == AcceleratorType.Cuda)
            CudaMemoryBuffer.CudaCopy(stream as CudaStream, source, target);
        else
            Buffer.MemoryCopy((void*)source.LoadEffectiveAddressAsPtr(), (void*)target.LoadEffectiveAddressAsPtr(), target.LengthInBytes, target.LengthInBytes);
    }
}
