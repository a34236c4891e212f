namespace TensorBridge.Accelerators.Kernels;

/// <summary>The accelerators of one module. Modules share none, because a kernel that fails to compile can spoil its context.</summary>
internal sealed class ModuleBridges : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Device, AcceleratorBridge> _current = [];
    private readonly List<AcceleratorBridge> _spoilt = [];

    /// <summary>The bridge to the device that holds the data; made on first use.</summary>
    public AcceleratorBridge For(Device device)
    {
        Device key = device.IsHostAccessible ? Device.Cpu : device;
        lock (_gate)
        {
            if (!_current.TryGetValue(key, out AcceleratorBridge? bridge))
                _current.Add(key, bridge = KernelDevices.Open(key));
            return bridge;
        }
    }

    /// <summary>Compiles nothing more on a bridge. Kernels that it compiled before keep it until the module goes.</summary>
    public void Abandon(AcceleratorBridge bridge)
    {
        lock (_gate)
        {
            if (_current.TryGetValue(bridge.Device, out AcceleratorBridge? current) && ReferenceEquals(current, bridge))
            {
                _current.Remove(bridge.Device);
                _spoilt.Add(bridge);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (AcceleratorBridge bridge in _current.Values)
                bridge.Dispose();
            _spoilt.ForEach(DisposeSpoilt);
            _current.Clear();
            _spoilt.Clear();
        }
    }

    private static void DisposeSpoilt(AcceleratorBridge bridge)
    {
        try
        {
            bridge.Dispose();
        }
#pragma warning disable CA1031 // ILGPU throws here after a failed module load; there is nothing left to free.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
