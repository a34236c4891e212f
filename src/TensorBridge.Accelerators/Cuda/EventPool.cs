
namespace TensorBridge.Accelerators.Cuda;

/// <summary>
/// Events for ordering streams. A wait takes the event's state when it is asked for, so an event is free for the
/// next use at once. The context must be current.
/// </summary>
internal sealed class EventPool
{
    private readonly Lock _lock = new();
    private readonly Stack<nint> _free = [];

    /// <summary>Work enqueued on <paramref name="later"/> from now on waits for what is enqueued on <paramref name="earlier"/> by now.</summary>
    public void Order(nint earlier, nint later)
    {
        nint @event = Rent();
        try
        {
            CudaResult result = DriverStreams.RecordEvent(@event, earlier);
            if (result == CudaResult.InvalidHandle)
            {
                OrderAcrossContexts(earlier, later);
                return;
            }

            result.ThrowIfFailed("cuEventRecord", $"stream 0x{earlier:x}");
            DriverStreams.WaitEvent(later, @event, 0).ThrowIfFailed("cuStreamWaitEvent", $"stream 0x{later:x}");
        }
        finally
        {
            Return(@event);
        }
    }

    /// <summary>An event to record and wait for; give it back with <see cref="Return"/>.</summary>
    public nint Rent()
    {
        if (TryTake(out nint @event))
            return @event;
        DriverStreams.CreateEvent(out @event, DriverStreams.DisableTiming).ThrowIfFailed("cuEventCreate");
        return @event;
    }

    /// <summary>Takes an event back.</summary>
    public void Return(nint @event)
    {
        lock (_lock)
            _free.Push(@event);
    }

    /// <summary>Destroys all events. Failures are those of earlier asynchronous work: the events are gone all the same.</summary>
    public void Clear()
    {
        while (TryTake(out nint @event))
            DriverStreams.DestroyEvent(@event);
    }

    private bool TryTake(out nint @event)
    {
        lock (_lock)
            return _free.TryPop(out @event);
    }

    // An event is recorded in the context of its stream; any stream may wait for it.
    private static void OrderAcrossContexts(nint earlier, nint later)
    {
        DriverStreams.GetContext(earlier, out nint context).ThrowIfFailed("cuStreamGetCtx", $"stream 0x{earlier:x}, which must be alive");
        nint @event;
        using (new CudaScope(context))
        {
            DriverStreams.CreateEvent(out @event, DriverStreams.DisableTiming).ThrowIfFailed("cuEventCreate");
            CudaResult result = DriverStreams.RecordEvent(@event, earlier);
            if (result != CudaResult.Success)
                DriverStreams.DestroyEvent(@event);
            result.ThrowIfFailed("cuEventRecord", $"stream 0x{earlier:x}");
        }

        CudaResult waited = DriverStreams.WaitEvent(later, @event, 0);
        DriverStreams.DestroyEvent(@event);
        waited.ThrowIfFailed("cuStreamWaitEvent", $"stream 0x{later:x}");
    }
}
