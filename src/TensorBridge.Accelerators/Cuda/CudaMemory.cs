using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>
/// The owner behind a handle that a bridge made: it remembers the streams the memory was used on, so that the
/// memory is given back only behind their work.
/// </summary>
internal sealed class CudaMemory
{
    private readonly CudaReleases _releases;
    private readonly TensorDescriptor _tensor;
    private readonly MemoryBuffer? _buffer;
    private readonly List<CudaStream> _users = [];
    private readonly List<(nint Stream, nint Event)> _ended = [];
    private Action? _free;

    /// <param name="releases">Who gives the memory back.</param>
    /// <param name="tensor">The tensor, for lists of what is alive.</param>
    /// <param name="isOwned">True when the memory is the accelerator's, which must then outlive it.</param>
    /// <param name="buffer">The ILGPU buffer that owns the memory, where one does.</param>
    /// <param name="free">Gives the memory back; called once.</param>
    /// <param name="isOrdered">True when <paramref name="free"/> does so in the order of the releases' own stream.</param>
    public CudaMemory(CudaReleases releases, TensorDescriptor tensor, bool isOwned, MemoryBuffer? buffer, Action free, bool isOrdered = false)
    {
        IsOrdered = isOrdered;
        _releases = releases;
        _buffer = buffer;
        _free = free;
        _tensor = tensor;
        IsOwned = isOwned;
        releases.Add(this);
    }

    public string Description => _tensor.ToString();

    /// <summary>The producer's stream; null when it has none.</summary>
    public nint? Producer => _tensor.Stream;

    public bool IsOwned { get; }

    /// <summary>True when the memory may go back while work on it is pending, behind which the driver puts it.</summary>
    public bool IsOrdered { get; }

    /// <summary>Notes that work on <paramref name="stream"/> touches the memory.</summary>
    /// <exception cref="ObjectDisposedException">The ILGPU buffer under it has been disposed.</exception>
    public void Use(CudaStream stream)
    {
        if (_buffer is { IsDisposed: true })
            throw new ObjectDisposedException(Description, "the ILGPU buffer under the tensor has been disposed; keep it until the last user of its exports is gone, or use Allocate");
        lock (_users)
        {
            if (!_users.Contains(stream))
                _users.Add(stream);
        }
    }

    /// <summary>True for memory that these give back.</summary>
    public bool BelongsTo(CudaReleases releases) => _releases == releases;

    /// <summary>
    /// Work on a stream of somebody else is enqueued: an event stands for it from now on, because the stream may be gone when the memory is given back.
    /// The context must be current.
    /// </summary>
    public void End(CudaStream stream, EventPool events)
    {
        nint handle = stream.StreamPtr;
        lock (_users)
        {
            int known = _ended.FindIndex(end => end.Stream == handle);
            nint @event = known >= 0 ? _ended[known].Event : events.Rent();
            bool isRecorded = DriverStreams.RecordEvent(@event, handle) == CudaResult.Success;
            if (known < 0 && isRecorded)
                _ended.Add((handle, @event));
            else if (known < 0)
                events.Return(@event);
            // Without the event the stream itself stays noted.
            if (isRecorded)
                _users.RemoveAll(user => user.StreamPtr == handle);
        }
    }

    /// <summary>The streams noted so far.</summary>
    public CudaStream[] Users()
    {
        lock (_users)
            return [.. _users];
    }

    /// <summary>The events that stand for ended work; they are the caller's now.</summary>
    public nint[] TakeEvents()
    {
        lock (_users)
        {
            nint[] events = [.. _ended.Select(end => end.Event)];
            _ended.Clear();
            return events;
        }
    }

    /// <summary>The last count is gone: gives the memory back, now or behind pending work.</summary>
    public void Release() => _releases.Release(this);

    /// <summary>Gives the memory back now; only the first call does anything.</summary>
    public void Free() => Interlocked.Exchange(ref _free, null)?.Invoke();
}
