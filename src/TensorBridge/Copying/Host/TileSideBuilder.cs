using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Collects the axes of one side of a tile: the first, and those that continue it without a gap while the side is short.</summary>
internal unsafe struct TileSideBuilder
{
    /// <summary>Longest table of rows, in entries.</summary>
    public const int MostRows = 2048;

    /// <summary>A side shorter than this, in bytes, takes in the axis that continues it: two lines are enough for the caches, streams want to go on for longer.</summary>
    private const int LongSide = 128;

    /// <inheritdoc cref="LongSide"/>
    private const int LongStreamedSide = 512;

    private readonly HostAxis* _axes;
    private readonly bool _inDestination;
    private int _rank;

    /// <summary>Starts a side with its first axis. The room is for as many axes as the nest has.</summary>
    public TileSideBuilder(HostAxis* room, in HostAxis first, bool inDestination)
    {
        _axes = room;
        _axes[0] = first;
        _rank = 1;
        _inDestination = inDestination;
        Extent = first.Extent;
    }

    /// <summary>Words so far.</summary>
    public nint Extent { get; private set; }

    /// <summary>Entries in the table of rows.</summary>
    public readonly int TableLength => (int)nint.Min(Extent, MostRows);

    /// <summary>Takes in the axes of <paramref name="rest"/> that continue this side.</summary>
    /// <returns>The place in <paramref name="rest"/> of an axis that continues this side but is too long to take in, or -1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Extend(HostAxis* rest, ref int count, int word, bool stream)
    {
        while (Extent * word < (stream ? LongStreamedSide : LongSide))
        {
            int at = FindContinuation(rest, count, Extent * word);
            if (at < 0)
                return -1;
            if (Extent * rest[at].Extent > MostRows)
                return at;
            _axes[_rank++] = rest[at];
            Extent *= rest[at].Extent;
            count--;
            for (int i = at; i < count; i++)
                rest[i] = rest[i + 1];
        }
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int FindContinuation(HostAxis* rest, int count, nint end)
    {
        for (int i = 0; i < count; i++)
        {
            if ((_inDestination ? rest[i].Destination : rest[i].Source) == end)
                return i;
        }
        return -1;
    }

    /// <summary>True when every row of the other buffer starts a multiple of a line after the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool KeepsAlignment()
    {
        nint strides = 0;
        for (int i = 0; i < _rank; i++)
            strides |= Across(_axes[i]);
        return strides % 64 == 0;
    }

    /// <summary>Fills the table of rows and describes the side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly TileSide Build(nint* rows)
    {
        nint stride = Across(_axes[0]);
        nint filled = nint.Min(_axes[0].Extent, MostRows);
        for (nint i = 0; i < filled; i++)
            rows[i] = i * stride;
        for (int axis = 1; axis < _rank; axis++)
        {
            nint inner = filled;
            for (nint i = 1; i < _axes[axis].Extent; i++)
            {
                for (nint k = 0; k < inner; k++)
                    rows[filled++] = rows[k] + (i * Across(_axes[axis]));
            }
        }
        return new TileSide { Extent = Extent, Stride = _rank == 1 ? stride : 0, IsSingle = _rank == 1, Rows = rows };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly nint Across(in HostAxis axis) => _inDestination ? axis.Source : axis.Destination;
}
