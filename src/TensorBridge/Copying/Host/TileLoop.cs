using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Executes nests in which another axis than 0 is the inner one of the source: finds the two sides of the tile and walks the other axes.</summary>
internal static unsafe class TileLoop
{
    /// <summary>The axis that is the inner one of the source, or 0 where rows are the better choice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FindAxis(in HostNest nest)
    {
        HostAxis* axes = nest.Axes;
        int best = 0;
        for (int i = 1; i < nest.Rank; i++)
        {
            if (axes[i].Source != 0 && (best == 0 ? Magnitude(axes[i].Source) < Magnitude(axes[0].Source) : Magnitude(axes[i].Source) < Magnitude(axes[best].Source)))
                best = i;
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Magnitude(nint stride) => stride < 0 ? -stride : stride;

    /// <summary>Executes the nest as tiles over axis 0 and <paramref name="axis"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, int axis, byte* destination, byte* source)
    {
        HostNest own = nest;
        HostAxis* axes = stackalloc HostAxis[nest.Rank];
        own.Axes = axes;
        new Span<HostAxis>(nest.Axes, nest.Rank).CopyTo(new Span<HostAxis>(own.Axes, nest.Rank));
        ref HostAxis columns = ref own.Axes[axis];
        if (columns.Source < 0)
        {
            // A reversed source run is the same run with its destination rows reversed.
            source += (columns.Extent - 1) * columns.Source;
            destination += (columns.Extent - 1) * columns.Destination;
            columns.Source = -columns.Source;
            columns.Destination = -columns.Destination;
        }
        HostAxis* rest = stackalloc HostAxis[nest.Rank];
        int count = 0;
        for (int i = 1; i < nest.Rank; i++)
        {
            if (i != axis)
                rest[count++] = own.Axes[i];
        }
        if (ChannelLoop.IsDeinterleave(own, axis) || ChannelLoop.IsInterleave(own, axis))
            RunChannels(own, axis, rest, count, destination, source);
        else
            RunTiles(own, columns, rest, count, destination, source);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunChannels(in HostNest nest, int axis, HostAxis* rest, int count, byte* destination, byte* source)
    {
        bool split = ChannelLoop.IsDeinterleave(nest, axis);
        nint* positions = stackalloc nint[count + 1];
        new Span<nint>(positions, count).Clear();
        var walk = new Odometer(rest, count, positions, destination, source);
        do
        {
            if (split)
                ChannelLoop.Deinterleave(nest, nest.Axes[0], nest.Axes[axis], walk.Destination, walk.Source);
            else
                ChannelLoop.Interleave(nest, nest.Axes[0], nest.Axes[axis], walk.Destination, walk.Source);
        }
        while (walk.Next());
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTiles(in HostNest nest, in HostAxis columns, HostAxis* rest, int count, byte* destination, byte* source)
    {
        HostAxis lines = nest.Axes[0];
        HostAxis* room = stackalloc HostAxis[2 * nest.Rank];
        var lineSide = new TileSideBuilder(room, lines, inDestination: true);
        var columnSide = new TileSideBuilder(room + nest.Rank, columns, inDestination: false);
        int cut = lines.Destination == nest.Word ? lineSide.Extend(rest, ref count, nest.Word, nest.Stream) : -1;
        if (cut >= 0)
        {
            RunCut(nest, rest[cut], TileSideBuilder.MostRows / lineSide.Extent, destination, source);
            return;
        }
        cut = columns.Source == nest.Word ? columnSide.Extend(rest, ref count, nest.Word, nest.Stream) : -1;
        if (cut >= 0)
        {
            RunCut(nest, rest[cut], TileSideBuilder.MostRows / columnSide.Extent, destination, source);
            return;
        }
        nint* rows = stackalloc nint[lineSide.TableLength + columnSide.TableLength];
        var tile = new Tile
        {
            Lines = lineSide.Build(rows),
            Columns = columnSide.Build(rows + lineSide.TableLength),
            SourceStep = columns.Source,
            DestinationStep = lines.Destination,
            RowsKeepAlignment = columnSide.KeepsAlignment(),
        };
        SortByLocality(rest, count);
        nint* positions = stackalloc nint[count + 1];
        new Span<nint>(positions, count).Clear();
        var walk = new Odometer(rest, count, positions, destination, source);
        do
            TileBlocks.Run(nest, tile, walk.Destination, walk.Source);
        while (walk.Next());
    }

    /// <summary>An axis that continues a side, but is longer than the table of rows, is cut: whole pieces with an axis of their own, and the remainder.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunCut(in HostNest nest, in HostAxis axis, nint piece, byte* destination, byte* source)
    {
        HostAxis* axes = stackalloc HostAxis[nest.Rank + 1];
        HostNest part = nest;
        part.Axes = axes;
        int at = 0;
        for (int i = 0; i < nest.Rank; i++)
        {
            axes[i] = nest.Axes[i];
            if (axes[i].Source == axis.Source && axes[i].Destination == axis.Destination)
                at = i;
        }
        nint pieces = axis.Extent / piece;
        nint rest = axis.Extent - (pieces * piece);
        if (rest > 0)
        {
            axes[at].Extent = rest;
            NestLoop.Run(part, destination + (pieces * piece * axis.Destination), source + (pieces * piece * axis.Source));
        }
        axes[at].Extent = piece;
        axes[part.Rank++] = new HostAxis(pieces, piece * axis.Source, piece * axis.Destination);
        NestLoop.Run(part, destination, source);
    }

    /// <summary>Axes outside the tile: the closest memory innermost, whichever buffer it is in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SortByLocality(HostAxis* rest, int count)
    {
        for (int i = 1; i < count; i++)
        {
            HostAxis axis = rest[i];
            int at = i;
            for (; at > 0 && Distance(axis) < Distance(rest[at - 1]); at--)
                rest[at] = rest[at - 1];
            rest[at] = axis;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Distance(in HostAxis axis) => nint.Min(Magnitude(axis.Source), axis.Destination);
}
