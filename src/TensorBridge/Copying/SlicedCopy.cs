using System.Runtime.ExceptionServices;

namespace TensorBridge.Copying;

/// <summary>One large copy cut into slices that threads take one by one. The calling thread works too, reports progress, and returns when every slice taken is done.</summary>
/// <remarks>Helpers come from the thread pool. One that starts late finds no slice left and goes home without touching memory, so the caller never waits for the pool.</remarks>
internal sealed unsafe class SlicedCopy
{
    private readonly List<Plan> _slices;
    private readonly byte* _source;
    private readonly byte* _destination;
    private readonly CopyOptions _options;
    private readonly long _bytes;
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _idle = new(true, 64);
    private ExceptionDispatchInfo? _failure;
    private long _done;
    private long _reported;
    private int _next;
    private int _running;

    private SlicedCopy(List<Plan> slices, byte* source, byte* destination, CopyOptions options, long bytes)
    {
        _slices = slices;
        _source = source;
        _destination = destination;
        _options = options;
        _bytes = bytes;
    }

    /// <summary>Runs a plan on up to <paramref name="degree"/> threads.</summary>
    public static void Run(Plan plan, byte* source, byte* destination, int degree, CopyOptions options)
    {
        var slices = new List<Plan>();
        PlanSlicer.Cut(plan, PlanSlicer.SliceBytes(plan, degree), slices);
        var copy = new SlicedCopy(slices, source, destination, options, plan.Bytes);
        int helpers = Math.Min(degree, slices.Count) - 1;
        for (int i = 0; i < helpers; i++)
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Help(), copy, preferLocal: false);
        copy.Lead();
    }

    private void Lead()
    {
        try
        {
            while (Take(out Plan? slice))
            {
                Work(slice!);
                Report();
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }
        _idle.Wait();
        _failure?.Throw();
        if (_next < _slices.Count)
            _options.Cancellation.ThrowIfCancellationRequested();
        else if (_reported < _bytes)
            Report();
    }

    private void Report()
    {
        _reported = Interlocked.Read(ref _done);
        _options.Progress?.Invoke(_reported, _bytes);
    }

    private void Help()
    {
        while (Take(out Plan? slice))
            Work(slice!);
    }

    private void Work(Plan slice)
    {
        try
        {
            PlanEngine.Execute(slice, _source, _destination);
        }
        finally
        {
            Finish(slice.Bytes);
        }
    }

    private bool Take(out Plan? slice)
    {
        lock (_lock)
        {
            if (_next >= _slices.Count || _failure is not null || _options.Cancellation.IsCancellationRequested)
            {
                slice = null;
                return false;
            }
            slice = _slices[_next++];
            if (_running++ == 0)
                _idle.Reset();
            return true;
        }
    }

    private void Finish(long bytes)
    {
        lock (_lock)
        {
            _done += bytes;
            if (--_running == 0)
                _idle.Set();
        }
    }

    private void Fail(Exception error)
    {
        lock (_lock)
            _failure ??= ExceptionDispatchInfo.Capture(error);
    }
}
