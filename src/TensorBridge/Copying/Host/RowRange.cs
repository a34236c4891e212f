using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>
/// Packs a range of rows into contiguous memory, or unpacks them from it. Row r is the r-th run along axis 0 in the order of the destination; the contiguous side holds
/// the rows one after the other. Serves staging buffers, through which a strided side reaches a device piece by piece.
/// </summary>
/// <remarks>A range is cut into boxes: whole sub-blocks of the outer axes where it covers them, single runs of rows at its ends. Each box is one nest, with all its kernels.</remarks>
internal static unsafe class RowRange
{
    /// <summary>Rows of a plan: words divided by the extent of axis 0.</summary>
    public static long Rows(Plan plan)
    {
        long rows = plan.Path == CopyPath.Nothing ? 0 : 1;
        for (int i = 1; i < plan.Rank; i++)
            rows *= plan.Extents[i];
        return rows;
    }

    /// <summary>Gathers rows from the plan's source.</summary>
    /// <returns>Bytes written to <paramref name="packed"/>.</returns>
    [SkipLocalsInit]
    public static long Pack(Plan plan, byte* source, long firstRow, long rows, Span<byte> packed)
    {
        long bytes = Check(plan, firstRow, rows, packed.Length);
        HostAxis* axes = stackalloc HostAxis[plan.Rank + 1];
        HostNest nest = HostEngine.Nest(plan, axes);
        nint packedStride = nest.Word;
        for (int i = 0; i < nest.Rank; i++)
        {
            axes[i].Destination = packedStride;
            packedStride *= axes[i].Extent;
        }
        fixed (byte* to = packed)
            Walk(nest, to - (firstRow * axes[0].Extent * nest.Word), source + plan.SourceOffset, firstRow, rows);
        return bytes;
    }

    /// <summary>Scatters packed rows to the plan's destination.</summary>
    /// <returns>Bytes read from <paramref name="packed"/>.</returns>
    [SkipLocalsInit]
    public static long Unpack(Plan plan, ReadOnlySpan<byte> packed, long firstRow, long rows, byte* destination)
    {
        long bytes = Check(plan, firstRow, rows, packed.Length);
        HostAxis* axes = stackalloc HostAxis[plan.Rank + 1];
        HostNest nest = HostEngine.Nest(plan, axes);
        nint packedStride = nest.Word;
        for (int i = 0; i < nest.Rank; i++)
        {
            axes[i].Source = packedStride;
            packedStride *= axes[i].Extent;
        }
        fixed (byte* from = packed)
            Walk(nest, destination + plan.DestinationOffset, from - (firstRow * axes[0].Extent * nest.Word), firstRow, rows);
        return bytes;
    }

    private static long Check(Plan plan, long firstRow, long rows, int room)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows(plan) - firstRow);
        if (plan.Op.Kind == CopyOpKind.Cast)
            throw new ArgumentException("A cast has words of two sizes and cannot be packed as it is; plan a copy of either side.", nameof(plan));
        if (rows == 0)
            return 0;
        long bytes = checked(rows * plan.Extents[0] * plan.WordSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, room);
        return bytes;
    }

    private static void Walk(in HostNest nest, byte* destination, byte* source, long firstRow, long rows)
    {
        while (rows > 0)
        {
            long done = Box(nest, destination, source, firstRow, rows);
            firstRow += done;
            rows -= done;
        }
    }

    /// <summary>Executes the largest box that starts at a row: axes below some axis whole, a stretch of that axis, one position of each above.</summary>
    [SkipLocalsInit]
    private static long Box(in HostNest nest, byte* destination, byte* source, long firstRow, long rows)
    {
        HostAxis* axes = stackalloc HostAxis[nest.Rank];
        HostNest box = nest;
        box.Axes = axes;
        axes[0] = nest.Axes[0];
        box.Rank = 1;
        long covered = 1;
        bool open = true;
        for (int i = 1; i < nest.Rank; i++)
        {
            HostAxis axis = nest.Axes[i];
            nint at = (nint)(firstRow % axis.Extent);
            firstRow /= axis.Extent;
            destination += at * axis.Destination;
            source += at * axis.Source;
            if (!open)
                continue;
            nint count = (nint)long.Min(axis.Extent - at, rows / covered);
            axes[box.Rank++] = new HostAxis(count, axis.Source, axis.Destination);
            covered *= count;
            // The next axis can be part of the box only if this one is so as a whole.
            open = count == axis.Extent;
        }
        NestLoop.Run(box, destination, source);
        return covered;
    }
}
