using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <summary>What the driver knows about an address: device, context, kind of memory, and the bounds of the allocation.</summary>
/// <param name="Address">The address asked about.</param>
/// <param name="Kind">What kind of memory it is.</param>
/// <param name="DeviceId">The device that holds it; -1 when unknown.</param>
/// <param name="Context">The context that allocated it; 0 for stream-ordered memory and when unknown.</param>
/// <param name="RangeStart">The lowest address of the allocation.</param>
/// <param name="RangeSize">Bytes of the allocation; 0 when the driver does not say.</param>
/// <param name="IsIpcCapable">Whether other processes can open it through a handle.</param>
public readonly record struct CudaPointer(
    nuint Address,
    CudaMemoryKind Kind,
    int DeviceId,
    nint Context,
    nuint RangeStart,
    ulong RangeSize,
    bool IsIpcCapable)
{
    private const int ContextAttribute = 1;
    private const int MemoryTypeAttribute = 2;
    private const int IsManagedAttribute = 8;
    private const int DeviceOrdinalAttribute = 9;
    private const int IsIpcCapableAttribute = 10;
    private const int RangeStartAttribute = 11;
    private const int RangeSizeAttribute = 12;

    /// <summary>Where tensors over this memory say they are; plain host memory when the driver does not know it.</summary>
    public Device Device => Kind switch
    {
        CudaMemoryKind.Device => Device.Cuda(DeviceId),
        CudaMemoryKind.PinnedHost => new Device(DeviceType.CudaHost),
        CudaMemoryKind.Managed => new Device(DeviceType.CudaManaged),
        _ => Device.Cpu,
    };

    /// <summary>Asks the driver about an address. An address that the driver does not know is no error.</summary>
    /// <exception cref="TensorDeviceException">There is no driver, or it cannot answer.</exception>
    public static unsafe CudaPointer Probe(nuint address)
    {
        DriverLibrary.Load();
        nint context = 0;
        uint type = 0, managed = 0;
        int device = -1, ipc = 0;
        nuint start = 0, size = 0;
        int* attributes = stackalloc int[] { ContextAttribute, MemoryTypeAttribute, IsManagedAttribute, DeviceOrdinalAttribute, IsIpcCapableAttribute, RangeStartAttribute, RangeSizeAttribute };
        void** values = stackalloc void*[] { &context, &type, &managed, &device, &ipc, &start, &size };
        DriverMemory.GetAttributes(7, attributes, values, address).ThrowIfFailed("cuPointerGetAttributes", $"0x{address:x}");
        return new CudaPointer(address, KindOf(type, managed != 0), device < 0 ? -1 : device, context, start, size, ipc != 0);
    }

    /// <summary>True when <c>[Address + low, Address + high)</c> lies inside the allocation, or its bounds are not known.</summary>
    public bool Contains(long low, long high)
    {
        if (RangeSize == 0)
            return true;
        Int128 offset = (Int128)(ulong)Address - (ulong)RangeStart;
        return offset + low >= 0 && offset + high <= RangeSize;
    }

    private static CudaMemoryKind KindOf(uint type, bool managed) => (CopyMemoryType)type switch
    {
        CopyMemoryType.Host => CudaMemoryKind.PinnedHost,
        CopyMemoryType.Device when managed => CudaMemoryKind.Managed,
        CopyMemoryType.Device => CudaMemoryKind.Device,
        CopyMemoryType.Unified => CudaMemoryKind.Managed,
        _ => CudaMemoryKind.Unknown,
    };
}
