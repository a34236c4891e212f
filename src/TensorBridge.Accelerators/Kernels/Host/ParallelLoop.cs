using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Runs a host loop in chunks: alone while that is quick, then on all cores.</summary>
/// <remarks>
/// How long one index takes is not known beforehand, so the caller's thread begins with growing chunks, from the size that
/// <see cref="LoopPace"/> remembers; only when time has passed and much is left do other threads join. They take chunks of
/// about a quarter of a millisecond, which is also how soon a failure or a cancellation stops the rest.
/// </remarks>
internal sealed class ParallelLoop : IThreadPoolWorkItem
{
    private const long LargestFirstChunk = 256;
    private static readonly long AloneTicks = Ticks(30e-6);
    private static readonly long ChunkTicks = Ticks(250e-6);
    private static readonly long CheckpointTicks = Ticks(50e-3);

    private readonly HostLoop _loop;
    private readonly KernelFrame _frame;
    private readonly LaunchOptions _options;
    private readonly long _firstChunk;
    private readonly long _count;
    private readonly ManualResetEventSlim _idle = new();
    private long _next;
    private int _active;
    private Exception? _fault;

    private ParallelLoop(HostLoop loop, KernelFrame frame, LaunchOptions options, LoopPace pace, long start, long count)
    {
        _loop = loop;
        _frame = frame;
        _options = options;
        _firstChunk = Math.Min(pace.FirstChunk, LargestFirstChunk);
        _next = start;
        _count = count;
    }

    /// <summary>Runs all indices; returns when none is running any more, also on failure.</summary>
    public static void Run(HostLoop loop, KernelFrame frame, LaunchOptions options, LoopPace pace, long count)
    {
        long done = RunAlone(loop, frame, options, pace, count);
        if (done < count)
            new ParallelLoop(loop, frame, options, pace, done, count).RunTogether();
    }

    void IThreadPoolWorkItem.Execute() => Work(isCaller: false);

    private static long RunAlone(HostLoop loop, KernelFrame frame, LaunchOptions options, LoopPace pace, long count)
    {
        BoundsListener.Enter();
        try
        {
            long begin = Environment.TickCount64;
            long first = Math.Min(pace.FirstChunk, count);
            loop(frame, 0, first);
            pace.Note(Environment.TickCount64 - begin);
            return first == count ? count : GrowAlone(loop, frame, options, pace, first, count);
        }
        finally
        {
            BoundsListener.Exit();
        }
    }

    private static long GrowAlone(HostLoop loop, KernelFrame frame, LaunchOptions options, LoopPace pace, long done, long count)
    {
        long begin = Stopwatch.GetTimestamp();
        long chunk = done;
        while (done < count && Stopwatch.GetTimestamp() - begin < AloneTicks)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            pace.Grow(chunk);
            chunk = Math.Min(chunk * 2, count - done);
            loop(frame, done, done + chunk);
            done += chunk;
        }

        return done;
    }

    private void RunTogether()
    {
        int helpers = (int)Math.Min(Environment.ProcessorCount - 1, (_count - _next) / _firstChunk);
        for (int i = 0; i < helpers; i++)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        if (Work(isCaller: true) > 0)
            _idle.Wait();
        if (_fault is not null)
            ExceptionDispatchInfo.Throw(_fault);
    }

    // A helper that starts late finds no chunk left and never touches the frame.
    private int Work(bool isCaller)
    {
        Interlocked.Increment(ref _active);
        BoundsListener.Enter();
        try
        {
            TakeChunks(isCaller);
        }
#pragma warning disable CA1031 // The caller's thread throws it again.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _fault, fault, null);
            Interlocked.Exchange(ref _next, _count);
        }

        BoundsListener.Exit();
        int left = Interlocked.Decrement(ref _active);
        if (left == 0)
            _idle.Set();
        return left;
    }

    private void TakeChunks(bool isCaller)
    {
        long chunk = _firstChunk;
        long checkpoint = Stopwatch.GetTimestamp();
        for (; ; )
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            long start = Interlocked.Add(ref _next, chunk) - chunk;
            if (start >= _count)
                return;
            long begin = Stopwatch.GetTimestamp();
            _loop(_frame, start, Math.Min(start + chunk, _count));
            long end = Stopwatch.GetTimestamp();
            if (end - begin < ChunkTicks)
                chunk *= 2;
            if (isCaller && end - checkpoint > CheckpointTicks)
            {
                _options.Checkpoint?.Invoke();
                checkpoint = end;
            }
        }
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
