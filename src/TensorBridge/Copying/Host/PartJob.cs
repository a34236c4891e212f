using System.Runtime.ExceptionServices;

namespace TensorBridge.Copying.Host;

/// <summary>A copy in parts, handed out to threads one by one.</summary>
internal abstract class PartJob(long bytes, CopyHook? hook)
{
    private long _next;
    private long _done;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _stopped;

    /// <summary>Bytes to write.</summary>
    protected long Bytes { get; } = bytes;

    /// <summary>Number of parts.</summary>
    protected abstract long Parts { get; }

    /// <summary>False if the hook stopped the copy.</summary>
    public bool Completed => !_stopped;

    /// <summary>Parts that no thread has taken yet.</summary>
    public long PartsLeft => long.Max(0, Parts - Volatile.Read(ref _next));

    /// <summary>Executes the job on up to <paramref name="degree"/> threads; false if its hook stopped it.</summary>
    public bool Run(int degree)
    {
        WorkerPool.Run(this, degree);
        _failure?.Throw();
        CallHook();
        return Completed;
    }

    /// <summary>Takes parts until there are none. The hook is called by the calling thread only, between parts.</summary>
    public void Work(bool isCaller)
    {
        for (long part; !_stopped && (part = Interlocked.Increment(ref _next) - 1) < Parts;)
        {
            Interlocked.Add(ref _done, RunPart(part));
            if (isCaller && PartsLeft > 0)
                CallHook();
        }
    }

    /// <summary>As <see cref="Work"/>, on another thread: an exception stops the job and is thrown on the calling thread.</summary>
    public void Help()
    {
        try
        {
            Work(isCaller: false);
        }
#pragma warning disable CA1031 // It goes on to the caller.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            _stopped = true;
        }
    }

    /// <summary>Executes one part; returns the bytes written.</summary>
    protected abstract long RunPart(long part);

    /// <summary>Asks the hook whether to go on.</summary>
    private void CallHook()
    {
        if (hook is null || _stopped)
            return;
        bool goOn = false;
        try
        {
            goOn = hook(long.Min(Interlocked.Read(ref _done), Bytes), Bytes);
        }
        finally
        {
            // An exception stops the other threads too.
            if (!goOn)
                _stopped = true;
        }
    }
}
