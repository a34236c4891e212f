namespace TensorBridge;

/// <summary>
/// One producer's memory, counted: every handle and every export holds one count, and the last one to go
/// releases the producer, exactly once, on the thread that dropped it; if that is the finalizer's, on the thread pool.
/// </summary>
internal sealed class TensorOwner
{
    private readonly object? _keepAlive;
    private Action? _release;
    private int _count = 1;

    /// <param name="keepAlive">An object that must stay reachable while the memory is in use.</param>
    /// <param name="release">Gives the memory back. Called once, from any thread but the finalizer's; must not throw.</param>
    /// <param name="start">What the device calls the memory; see <see cref="Start"/>.</param>
    public TensorOwner(object? keepAlive, Action? release, nuint start)
    {
        _keepAlive = keepAlive;
        _release = release;
        Start = start;
    }

    /// <summary>
    /// The address or handle that the producer gave. Views of memory that has a handle instead of addresses (OpenCL) add
    /// their offset to it, and whoever hands such a view on must take the two apart again.
    /// </summary>
    public nuint Start { get; }

    /// <summary>True when somebody has to be told about the end.</summary>
    public bool HasRelease => _release is not null;

    /// <summary>What keeps the memory alive, for diagnostics.</summary>
    public object? KeepAlive => _keepAlive;

    /// <summary>Takes one more count; false when the producer has been released already.</summary>
    public bool TryAddReference()
    {
        int count = Volatile.Read(ref _count);
        while (count > 0)
        {
            int seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
                return true;
            count = seen;
        }

        return false;
    }

    /// <summary>Gives one count back.</summary>
    /// <param name="finalizing">
    /// True on the finalizer's thread. A producer's release may wait for a lock, such as an interpreter's, whose holder
    /// may wait for finalizers in turn: it then runs on the thread pool.
    /// </param>
    public void RemoveReference(bool finalizing = false)
    {
        if (Interlocked.Decrement(ref _count) != 0 || Interlocked.Exchange(ref _release, null) is not { } release)
            return;
        if (finalizing)
            ThreadPool.UnsafeQueueUserWorkItem(static action => action(), release, preferLocal: false);
        else
            release();
    }
}
