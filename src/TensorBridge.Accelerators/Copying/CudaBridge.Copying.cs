using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <content>Results of copies come from the driver's stream-ordered pool: taken and given back in the order of a stream, without waiting.</content>
public sealed partial class CudaBridge
{
    internal override DeviceCopyEngine Copies => Engine();

    internal override CudaScope EnterContext() => Activate();

    private protected override void Finish(TensorHandle handle, AcceleratorStream? stream) => OrderAfter(handle, stream);

    private protected override TensorHandle AllocateOutput(DType type, Layout layout, AcceleratorStream stream)
    {
        CudaStream order = CudaStreams.Resolve(Accelerator, stream);
        nuint size = Size(layout);
        using CudaScope scope = Activate();
        DriverMemory.AllocateAsync(out nuint address, size, order.StreamPtr).ThrowIfFailed("cuMemAllocAsync", $"{size} bytes on {Device}");
        TensorHandle result = Owned(address, type, layout, Device, CudaStreams.ToProtocol(order.StreamPtr), () => FreeOrdered(address), isOrdered: true);
        // The free comes behind the allocation, whether or not anybody uses the memory.
        CudaMemory memory = result.OwnerAs<CudaMemory>()!;
        memory.Use(order);
        EndUse(memory, order);
        return result;
    }
}
