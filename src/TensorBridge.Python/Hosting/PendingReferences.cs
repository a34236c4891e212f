using System.Collections.Concurrent;

namespace TensorBridge.Python.Hosting;

/// <summary>Python references that were lost on a thread without the GIL. They are dropped by the next one that takes it.</summary>
/// <remarks>A finalizer that took the GIL itself would deadlock against a GIL holder that waits for finalizers.</remarks>
internal static unsafe class PendingReferences
{
    private static readonly ConcurrentQueue<(nint Reference, int Run)> Queue = new();
    private static int _run;

    /// <summary>The number of the current interpreter; references of an earlier one mean nothing any more.</summary>
    public static int Run => Volatile.Read(ref _run);

    /// <summary>An interpreter ended.</summary>
    public static void NextRun() => Interlocked.Increment(ref _run);

    /// <summary>Leaves a reference for the next holder of the GIL.</summary>
    public static void Add(nint reference, int run) => Queue.Enqueue((reference, run));

    /// <summary>Drops what waits; the caller holds the GIL.</summary>
    public static void Drain(CPython python)
    {
        while (!Queue.IsEmpty && Queue.TryDequeue(out (nint Reference, int Run) entry))
        {
            if (entry.Run == Run)
                python.DecRef(entry.Reference);
        }
    }
}
