using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>A copy in parts, handed out to threads one by one.</summary>
internal sealed unsafe class PartJob
{
    private readonly HostAxis[] _axes;
    private readonly HostNest _nest;
    private readonly byte* _destination;
    private readonly byte* _source;
    private readonly long _bytes;
    private readonly int _axis;
    private readonly nint _partExtent;
    private readonly long _parts;
    private readonly CopyHook? _hook;
    private long _next;
    private long _done;
    private volatile bool _stopped;

    /// <summary>Cuts <paramref name="axis"/> of the nest into about <paramref name="parts"/> parts.</summary>
    public PartJob(in HostNest nest, byte* destination, byte* source, long bytes, int axis, long parts, CopyHook? hook)
    {
        _axes = new Span<HostAxis>(nest.Axes, nest.Rank).ToArray();
        _nest = nest;
        _destination = destination;
        _source = source;
        _bytes = bytes;
        _axis = axis;
        _hook = hook;
        nint extent = nest.Axes[axis].Extent;
        _partExtent = Round(nest, axis, (nint)((extent + parts - 1) / parts));
        _parts = (extent + _partExtent - 1) / _partExtent;
    }

    /// <summary>False if the hook stopped the copy.</summary>
    public bool Completed => !_stopped;

    /// <summary>Parts that no thread has taken yet.</summary>
    public long PartsLeft => long.Max(0, _parts - Volatile.Read(ref _next));

    /// <summary>Parts start on whole lines, and take in several, where the axis runs along memory and is long enough for that.</summary>
    private static nint Round(in HostNest nest, int axis, nint extent)
    {
        nint unit = 256 / nest.Word;
        bool along = nest.Axes[axis].Source == nest.Word || nest.Axes[axis].Destination == nest.Word;
        return along && extent > unit / 2 ? (extent + unit - 1) / unit * unit : nint.Max(1, extent);
    }

    /// <summary>Takes parts until there are none. The hook is called by the calling thread only.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Work(bool isCaller)
    {
        HostAxis* axes = stackalloc HostAxis[_axes.Length];
        HostNest nest = _nest;
        nest.Axes = axes;
        for (long part; !_stopped && (part = Interlocked.Increment(ref _next) - 1) < _parts;)
        {
            _axes.CopyTo(new Span<HostAxis>(axes, _axes.Length));
            nint first = (nint)part * _partExtent;
            nint extent = axes[_axis].Extent;
            nint count = nint.Min(_partExtent, extent - first);
            axes[_axis].Extent = count;
            NestLoop.Run(nest, _destination + (first * axes[_axis].Destination), _source + (first * axes[_axis].Source));
            Interlocked.Add(ref _done, (long)((Int128)_bytes * count / extent));
            if (isCaller)
                CallHook();
        }
    }

    /// <summary>Asks the hook whether to go on.</summary>
    public void CallHook()
    {
        if (_hook is null || _stopped)
            return;
        bool goOn = false;
        try
        {
            goOn = _hook(long.Min(Interlocked.Read(ref _done), _bytes), _bytes);
        }
        finally
        {
            // An exception stops the other threads too.
            if (!goOn)
                _stopped = true;
        }
    }
}
