using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Accelerators;

/// <content>OpenCL memory is a handle with an offset, not an address.</content>
public sealed partial class OpenClBridge
{
    internal override DeviceCopyEngine Copies => _engine;

    private protected override DeviceMemory Place(TensorHandle handle) => PlaceOf(handle);
}
