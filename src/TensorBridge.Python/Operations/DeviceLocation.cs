using TensorBridge.Accelerators;

namespace TensorBridge.Python.Operations;

/// <summary>Where a tensor really is. The CUDA array interface cannot say which of several devices holds an array; the driver can.</summary>
internal static class DeviceLocation
{
    /// <summary>The tensor's device by the driver's word, where there is more than one to choose from.</summary>
    public static Device Of(TensorHandle tensor)
    {
        if (tensor.Device.Type != DeviceType.Cuda || tensor.ElementCount == 0 || CudaBridge.DeviceCount < 2)
            return tensor.Device;
        CudaPointer pointer = CudaPointer.Probe(tensor.Data);
        return pointer.Kind == CudaMemoryKind.Device ? pointer.Device : tensor.Device;
    }

    /// <summary>The tensor with its true device, as long as the call lasts.</summary>
    public static TensorHandle Correct(TensorHandle tensor, OperationArguments owner)
    {
        Device device = Of(tensor);
        return device == tensor.Device
            ? tensor
            : owner.Borrow(tensor.View(new TensorDescriptor(tensor.Data, tensor.DType, tensor.Layout, device, tensor.IsReadOnly, tensor.Descriptor.Stream)));
    }
}
