using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators;

namespace TensorBridge.Python.Operations;

/// <summary>What one call from Python gives a CUDA device to do: the bridge, the stream, and the tensors as the bridge takes them.</summary>
/// <remarks>
/// The stream is the one that the caller names, else the one that the first tensor of the device names, else the legacy default
/// stream. Other tensors' streams are ordered with it by events. Tensors are taken over for the length of the work: their producers
/// get them back behind it, not when the call returns.
/// </remarks>
internal sealed class DeviceWork : IDisposable
{
    private const nint LegacyStream = 1;

    private readonly List<TensorHandle> _taken = [];
    private bool _touchesHost;

    private DeviceWork(CudaBridge bridge, nint stream)
    {
        Bridge = bridge;
        Stream = DeviceHooks.Bridges.Stream(bridge, stream);
    }

    /// <summary>The bridge of the device that works.</summary>
    public CudaBridge Bridge { get; }

    /// <summary>The stream that it works on.</summary>
    public CudaStream Stream { get; }

    /// <summary>True when a device has to do the work: the processor may not touch some of the memory.</summary>
    /// <exception cref="TensorFormatException">A stream is given and all memory is the host's.</exception>
    public static bool IsNeeded(long? stream, params ReadOnlySpan<TensorHandle> tensors)
    {
        foreach (TensorHandle tensor in tensors)
        {
            if (!HostMemory.Holds(tensor))
                return true;
        }

        return stream is null
            ? false
            : throw new TensorFormatException($"stream is {stream}, and {tensors[0]} is in host memory, which has no streams: leave it out");
    }

    /// <summary>Work on tensors; the first that is not in host memory says which device does it.</summary>
    /// <exception cref="TensorDeviceException">The memory is of a device that this process cannot use.</exception>
    public static DeviceWork On(long? stream, params ReadOnlySpan<TensorHandle> tensors)
    {
        TensorHandle first = First(tensors);
        CudaBridge bridge = DeviceHooks.Bridges.Of(first.Descriptor);
        return new DeviceWork(bridge, (nint?)stream ?? NamedStream(bridge, tensors) ?? LegacyStream);
    }

    /// <summary>Work on new memory of a device.</summary>
    /// <exception cref="TensorDeviceException">There is no such device.</exception>
    public static DeviceWork On(long? stream, Device device) =>
        new(DeviceHooks.Bridges.For(device.Id), (nint?)stream ?? LegacyStream);

    /// <summary>A tensor of the caller's as the bridge takes it: its place asked of the driver, its end put off until the work is done.</summary>
    public TensorHandle Take(TensorHandle tensor)
    {
        _touchesHost |= tensor.Device.IsHostAccessible;
        if (tensor.Device.Type == DeviceType.Cpu)
            return tensor;
        TensorHandle shared = tensor.Share();
        try
        {
            TensorHandle taken = BridgeOf(tensor).Import(shared);
            _taken.Add(taken);
            return taken;
        }
        catch
        {
            shared.Dispose();
            throw;
        }
    }

    /// <summary>True when the device reaches a tensor that was taken.</summary>
    public bool CanReach(TensorHandle taken) => taken.Device == Bridge.Device || taken.Device.Type is DeviceType.CudaHost or DeviceType.CudaManaged;

    /// <summary>Waits where the work touches memory that the processor reaches too, which names no stream: it must have been read or written when the call returns.</summary>
    public void WaitForHost()
    {
        if (!_touchesHost)
            return;
        using CudaScope scope = Bridge.Activate();
        Stream.Synchronize();
    }

    /// <summary>Lets the tensors go, behind the work.</summary>
    public void Dispose()
    {
        foreach (TensorHandle tensor in _taken)
            tensor.Dispose();
        _taken.Clear();
    }

    // Page-locked and managed memory is used from the device that works, memory of another device from where it is.
    private CudaBridge BridgeOf(TensorHandle tensor) =>
        tensor.Device.Type == DeviceType.Cuda && tensor.ElementCount > 0 ? DeviceHooks.Bridges.Of(tensor.Descriptor) : Bridge;

    private static TensorHandle First(ReadOnlySpan<TensorHandle> tensors)
    {
        foreach (TensorHandle tensor in tensors)
        {
            if (!HostMemory.Holds(tensor) && tensor.Device.Type is not (DeviceType.Cuda or DeviceType.CudaManaged))
                throw new TensorDeviceException($"{tensor} is on {tensor.Device}, which nothing here works on; copy it to host or CUDA memory with its own library first");
        }

        foreach (TensorHandle tensor in tensors)
        {
            if (!HostMemory.Holds(tensor))
                return tensor;
        }

        return tensors[0];
    }

    // A stream belongs to one device: another device's tensors have nothing to say here.
    private static nint? NamedStream(CudaBridge bridge, ReadOnlySpan<TensorHandle> tensors)
    {
        foreach (TensorHandle tensor in tensors)
        {
            if (tensor.Descriptor.Stream is { } stream && DeviceHooks.Bridges.Of(tensor.Descriptor) == bridge)
                return stream;
        }

        return null;
    }
}
