using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>
/// Gives memory back behind the work that uses it, without making anybody wait: a stream of its own waits for the
/// streams in use, and a host function in it says when the time has come. The release itself runs on a pool thread,
/// since driver threads must not call the driver and a producer may need a lock of its own.
/// </summary>
internal sealed unsafe class CudaReleases(nint context, int deviceId, EventPool events)
{
    private static readonly ConcurrentDictionary<nint, (CudaReleases Releases, CudaMemory Memory)> Pending = new();
    private static long s_nextTicket;

    private readonly ConcurrentDictionary<CudaMemory, byte> _alive = new();
    private readonly Lock _gate = new();
    private nint _stream;
    private bool _isClosed;
    private volatile bool _isFinished;
    private int _failureCount;
    private int _running;

    /// <summary>Called, perhaps on a pool thread, when the last owned memory of a closed bridge is gone.</summary>
    public event Action? Emptied;

    /// <summary>Memory whose release failed; the driver holds it until the context ends.</summary>
    public int FailureCount => _failureCount;

    /// <summary>What the accelerator must outlive.</summary>
    public IReadOnlyList<string> OwnedAlive => [.. _alive.Keys.Where(memory => memory.IsOwned).Select(memory => memory.Description)];

    public void Add(CudaMemory memory) => _alive[memory] = 0;

    /// <summary>The last count is gone. Runs on any thread, the finalizer's included, and never throws or waits.</summary>
    public void Release(CudaMemory memory)
    {
        try
        {
            if (_isClosed && !memory.IsOwned)
                CompleteAtTheEnd(memory);
            else if (!TryDefer(memory))
                Complete(memory, wait: false);
        }
        catch (TensorDeviceException)
        {
            // The order cannot be had without waiting: wait elsewhere.
            Interlocked.Increment(ref _running);
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Releases.CompleteCounted(state.Memory, wait: true), (Releases: this, Memory: memory), preferLocal: false);
        }
    }

    /// <summary>From now on the end of the last owned memory is announced.</summary>
    /// <returns>False when some is alive: <see cref="Emptied"/> will come.</returns>
    public bool Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return !_alive.Keys.Any(memory => memory.IsOwned);
        }
    }

    /// <summary>Gives back everything that waits, now that the context has been synchronised. Nothing runs on another thread afterwards.</summary>
    /// <remarks>The producers' interpreter may end next, and with it all that a producer's release needs.</remarks>
    public void Settle()
    {
        foreach ((nint ticket, (CudaReleases Releases, CudaMemory Memory) entry) in Pending)
            if (entry.Releases == this && Pending.TryRemove(ticket, out _))
                Complete(entry.Memory, wait: false);
        // A release may wait for a lock that this thread holds: then it goes on by itself.
        SpinWait.SpinUntil(() => Volatile.Read(ref _running) == 0, TimeSpan.FromSeconds(2));
    }

    /// <summary>As <see cref="Settle"/>, and ends the stream.</summary>
    public void Finish()
    {
        _isFinished = true;
        Settle();
        foreach (CudaMemory memory in _alive.Keys)
            foreach (nint end in memory.TakeEvents())
                events.Return(end);
        nint stream = Interlocked.Exchange(ref _stream, 0);
        if (stream != 0)
            DriverStreams.Destroy(stream);
    }

    /// <summary>Frees memory of the stream-ordered pool, behind the work on it that our stream was made to wait for: that stream is sure to be there.</summary>
    public void FreeOrdered(nuint address)
    {
        if (_isFinished || DriverMemory.FreeAsync(address, Stream()) != CudaResult.Success)
            DriverMemory.Free(address).ThrowIfFailed("cuMemFree", $"0x{address:x}");
    }

    private bool TryDefer(CudaMemory memory)
    {
        CudaStream[] users = memory.Users();
        nint[] ends = memory.TakeEvents();
        // After the end there is neither work to wait for nor a context to ask.
        if (_isFinished || users.Length + ends.Length == 0)
            return false;
        using var scope = new CudaScope(context, insist: true);
        bool pending = false;
        try
        {
            foreach (nint end in ends)
                pending |= WaitFor(end);
        }
        finally
        {
            // A wait takes the event's state when it is asked for.
            foreach (nint end in ends)
                events.Return(end);
        }

        foreach (CudaStream user in users)
            pending |= WaitFor(user, memory.Producer);
        // Our stream waits for all of it by now: memory that goes back in its order needs no announcement.
        if (!pending || memory.IsOrdered)
            return false;
        Announce(memory);
        return true;
    }

    // True when the work that the event ends is not done; then our stream waits for it. The producer's stream does so since the event was recorded.
    private bool WaitFor(nint end)
    {
        CudaResult state = DriverStreams.QueryEvent(end);
        if (state == CudaResult.Success)
            return false;
        if (state != CudaResult.NotReady)
            state.ThrowIfFailed("cuEventQuery");
        DriverStreams.WaitEvent(Stream(), end, 0).ThrowIfFailed("cuStreamWaitEvent");
        return true;
    }

    // True when the stream has work left; then our stream and the producer's wait for it.
    private bool WaitFor(CudaStream user, nint? producer)
    {
        if (user.IsDisposed)
            throw new TensorDeviceException("a stream that used the memory is disposed; the whole device has to be waited for");
        var place = new CudaStreamPlace(user.StreamPtr, ((CudaAccelerator)user.Accelerator).DeviceId);
        CudaResult state = place.DeviceId == deviceId ? DriverStreams.Query(place.Handle) : place.Query();
        if (state == CudaResult.Success)
            return false;
        if (state != CudaResult.NotReady)
            state.ThrowIfFailed("cuStreamQuery", place.ToString());
        Order(place, Stream());
        if (producer is { } stream && !place.IsSame(new CudaStreamPlace(stream, deviceId)))
            Order(place, stream);
        return true;
    }

    private void Order(CudaStreamPlace user, nint own)
    {
        if (user.DeviceId == deviceId)
            events.Order(user.Handle, own);
        else
            CudaStreamPlace.Order(user, new CudaStreamPlace(own, deviceId));
    }

    private void Announce(CudaMemory memory)
    {
        nint ticket = (nint)Interlocked.Increment(ref s_nextTicket);
        Pending[ticket] = (this, memory);
        CudaResult result = DriverStreams.LaunchHostFunction(Stream(), &OnReached, ticket);
        if (result == CudaResult.Success)
            return;
        Pending.TryRemove(ticket, out _);
        result.ThrowIfFailed("cuLaunchHostFunc");
    }

    private nint Stream()
    {
        lock (_gate)
        {
            if (_stream == 0)
                DriverStreams.Create(out _stream, DriverStreams.NonBlocking).ThrowIfFailed("cuStreamCreate");
            return _stream;
        }
    }

    [UnmanagedCallersOnly]
    private static void OnReached(nint ticket) => ThreadPool.UnsafeQueueUserWorkItem(
        static state =>
        {
            if (!Pending.TryGetValue(state, out (CudaReleases Releases, CudaMemory Memory) entry))
                return;
            Interlocked.Increment(ref entry.Releases._running);
            entry.Releases.CompleteCounted(Pending.TryRemove(state, out _) ? entry.Memory : null, wait: false);
        },
        ticket,
        preferLocal: false);

    // After the end nothing may be left to other threads: wait for the work here.
    private void CompleteAtTheEnd(CudaMemory memory)
    {
        bool isUsed = memory.Users().Length > 0;
        foreach (nint end in memory.TakeEvents())
        {
            isUsed = true;
            events.Return(end);
        }

        Complete(memory, wait: isUsed && !_isFinished);
    }

    private void CompleteCounted(CudaMemory? memory, bool wait)
    {
        try
        {
            if (memory is not null)
                Complete(memory, wait);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void Complete(CudaMemory memory, bool wait)
    {
        try
        {
            if (wait)
                Synchronize();
            memory.Free();
        }
        catch (TensorDeviceException)
        {
            Interlocked.Increment(ref _failureCount);
        }

        bool isLast;
        lock (_gate)
        {
            _alive.TryRemove(memory, out _);
            isLast = _isClosed && memory.IsOwned && !_alive.Keys.Any(other => other.IsOwned);
        }

        if (isLast)
            ThreadPool.UnsafeQueueUserWorkItem(static releases => releases.Emptied?.Invoke(), this, preferLocal: false);
    }

    // A failure means that the context is spoilt; then no work of it will touch the memory any more.
    private void Synchronize()
    {
        try
        {
            using var scope = new CudaScope(context, insist: true);
            DriverContexts.Synchronize();
        }
        catch (TensorDeviceException)
        {
            Interlocked.Increment(ref _failureCount);
        }
    }
}
