namespace TensorBridge.DLPack;

/// <summary>Translates devices between DLPack and TensorBridge, both ways; the numbers are the same.</summary>
internal static class DLPackDevice
{
    /// <summary>The device that a tensor declares.</summary>
    /// <exception cref="TensorDeviceException">A kind of device that TensorBridge does not know.</exception>
    /// <exception cref="TensorFormatException">The device number is negative.</exception>
    public static Device FromDLPack(DLDevice device)
    {
        var type = (DeviceType)device.device_type;
        if (type == DeviceType.Cpu)
            return Device.Cpu; // The number of the host means nothing.
        if (!IsKnown(type))
            throw new TensorDeviceException($"device type {(int)type} ({device.device_type}) is not supported; accepted are cpu (1), cuda (2), cuda_host (3), opencl (4), rocm (10), rocm_host (11), cuda_managed (13)");
        return device.device_id >= 0
            ? new Device(type, device.device_id)
            : throw new TensorFormatException($"device_id is {device.device_id}; numbers are 0 or more");
    }

    /// <summary>The device as DLPack writes it.</summary>
    public static DLDevice ToDLPack(Device device) =>
        new() { device_type = (DLDeviceType)device.Type, device_id = device.Id };

    private static bool IsKnown(DeviceType type) => type
        is DeviceType.Cuda or DeviceType.CudaHost or DeviceType.OpenCL or DeviceType.Rocm or DeviceType.RocmHost or DeviceType.CudaManaged;
}
