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
    private Action? _free;

    /// <param name="releases">Who gives the memory back.</param>
    /// <param name="tensor">The tensor, for lists of what is alive.</param>
    /// <param name="isOwned">True when the memory is the accelerator's, which must then outlive it.</param>
    /// <param name="buffer">The ILGPU buffer that owns the memory, where one does.</param>
    /// <param name="free">Gives the memory back; called once.</param>
    /// <param name="order">The stream in whose order <paramref name="free"/> gives the memory back; null where it does so at once.</param>
    public CudaMemory(CudaReleases releases, TensorDescriptor tensor, bool isOwned, MemoryBuffer? buffer, Action free, CudaStream? order = null)
    {
        Order = order;
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

    /// <summary>The stream in whose order the memory goes back; null where it goes back at once.</summary>
    public CudaStream? Order { get; }

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

    /// <summary>The streams noted so far.</summary>
    public CudaStream[] Users()
    {
        lock (_users)
            return [.. _users];
    }

    /// <summary>The last count is gone: gives the memory back, now or behind pending work.</summary>
    public void Release() => _releases.Release(this);

    /// <summary>Gives the memory back now; only the first call does anything.</summary>
    public void Free() => Interlocked.Exchange(ref _free, null)?.Invoke();
}
