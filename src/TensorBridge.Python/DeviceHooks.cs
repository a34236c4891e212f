namespace TensorBridge.Python;

/// <summary>What the device side contributes to exchanges with Python.</summary>
internal static class DeviceHooks
{
    private static readonly Lock Gate = new();
    private static readonly List<Action> ShutdownActions = [];
    private static Func<TensorDescriptor, long, bool>? _orderStream;

    /// <summary>
    /// Sets what makes a consumer's stream (numbered as in <c>__dlpack__</c>) wait for a tensor's pending work. It answers
    /// false for devices that it does not know.
    /// </summary>
    public static void SetOrderStream(Func<TensorDescriptor, long, bool> order) => Volatile.Write(ref _orderStream, order);

    /// <summary>Adds an action for the end of the interpreter: dispose accelerators, wait for device work. Last added, first run.</summary>
    public static void OnShutdown(Action action)
    {
        lock (Gate)
            ShutdownActions.Add(action);
    }

    /// <summary>Makes a consumer's stream wait for a tensor's pending work.</summary>
    /// <exception cref="TensorDeviceException">Nothing in this process can order streams of that device.</exception>
    internal static void OrderStream(TensorDescriptor tensor, long consumer)
    {
        if (Volatile.Read(ref _orderStream)?.Invoke(tensor, consumer) != true)
            throw new TensorDeviceException($"work is pending on stream {tensor.Stream} of {tensor.Device}, and no driver is loaded that could make stream {consumer} wait for it; synchronise and pass stream=-1");
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
}
