using TensorBridge.Accelerators;

namespace TensorBridge.Python;

/// <summary>What the device side contributes to exchanges with Python.</summary>
internal static class DeviceHooks
{
    private static readonly Lock Gate = new();
    private static readonly List<Action> ShutdownActions = [];
    private static CudaBridges? _bridges;

    /// <summary>The bridges to this process's CUDA devices, made when they are first needed and closed at the end of the interpreter.</summary>
    public static CudaBridges Bridges
    {
        get
        {
            lock (Gate)
            {
                if (_bridges is null)
                {
                    _bridges = new CudaBridges();
                    ShutdownActions.Add(CloseBridges);
                }

                return _bridges;
            }
        }
    }

    /// <summary>Lets the core read elements of device memory, for texts and values. Nothing touches the driver before one is asked for.</summary>
    public static void RegisterReader() => TensorReaders.Device = static tensor => HasDriverFor(tensor) ? Bridges.Read : null;

    /// <summary>Adds an action for the end of the interpreter: dispose accelerators, wait for device work. Last added, first run.</summary>
    public static void OnShutdown(Action action)
    {
        lock (Gate)
            ShutdownActions.Add(action);
    }

    /// <summary>Makes a consumer's stream (numbered as in <c>__dlpack__</c>) wait for a tensor's pending work; the host does not wait.</summary>
    /// <exception cref="TensorDeviceException">Nothing in this process can order streams of that device, or the driver refuses.</exception>
    internal static void OrderStream(TensorDescriptor tensor, long consumer)
    {
        if (!HasDriverFor(tensor))
            throw new TensorDeviceException($"work is pending on stream {tensor.Stream} of {tensor.Device}, and this process has no driver that could make stream {consumer} wait for it; synchronise and pass stream=-1");
        Bridges.OrderConsumer(tensor, (nint)consumer);
    }

    /// <summary>Runs the actions, each once, whatever the others do.</summary>
    internal static void Shutdown()
    {
        Action[] actions;
        lock (Gate)
        {
            actions = [.. ShutdownActions];
            ShutdownActions.Clear();
        }

        foreach (Action action in actions.Reverse())
        {
            try
            {
                action();
            }
            catch (Exception)
            {
                // One device that fails to close must not keep the others open.
            }
        }
    }

    private static bool HasDriverFor(TensorDescriptor tensor) =>
        tensor.Device.Type is DeviceType.Cuda or DeviceType.CudaManaged or DeviceType.CudaHost && CudaBridge.DeviceCount > 0;

    private static void CloseBridges()
    {
        CudaBridges? bridges;
        lock (Gate)
            (bridges, _bridges) = (_bridges, null);
        bridges?.Dispose();
    }
}
