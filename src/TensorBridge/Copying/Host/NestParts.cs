using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>A nest cut into parts along one axis.</summary>
internal sealed unsafe class NestParts : PartJob
{
    private readonly HostAxis[] _axes;
    private readonly HostNest _nest;
    private readonly byte* _destination;
    private readonly byte* _source;
    private readonly int _axis;
    private readonly nint _partExtent;

    /// <summary>Cuts <paramref name="axis"/> of the nest into about <paramref name="parts"/> parts.</summary>
    public NestParts(in HostNest nest, byte* destination, byte* source, long bytes, int axis, long parts, CopyHook? hook)
        : base(bytes, hook)
    {
        _axes = new Span<HostAxis>(nest.Axes, nest.Rank).ToArray();
        _nest = nest;
        _destination = destination;
        _source = source;
        _axis = axis;
        nint extent = nest.Axes[axis].Extent;
        _partExtent = Round(nest, axis, (nint)((extent + parts - 1) / parts));
        Parts = (extent + _partExtent - 1) / _partExtent;
    }

    protected override long Parts { get; }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override long RunPart(long part)
    {
        HostAxis* axes = stackalloc HostAxis[_axes.Length];
        _axes.CopyTo(new Span<HostAxis>(axes, _axes.Length));
        HostNest nest = _nest;
        nest.Axes = axes;
        nint first = (nint)part * _partExtent;
        nint extent = axes[_axis].Extent;
        nint count = nint.Min(_partExtent, extent - first);
        axes[_axis].Extent = count;
        NestLoop.Run(nest, _destination + (first * axes[_axis].Destination), _source + (first * axes[_axis].Source));
        return (long)((Int128)Bytes * count / extent);
    }

    /// <summary>Parts start on whole lines, and take in several, where the axis runs along memory and is long enough for that.</summary>
    private static nint Round(in HostNest nest, int axis, nint extent)
    {
        nint unit = 256 / nest.Word;
        bool along = nest.Axes[axis].Source == nest.Word || nest.Axes[axis].Destination == nest.Word;
        return along && extent > unit / 2 ? (extent + unit - 1) / unit * unit : nint.Max(1, extent);
    }
}
