namespace TensorBridge.Accelerators;

/// <summary>The axes of a tensor as a strided view of fixed rank shows them.</summary>
/// <remarks>
/// Fewer axes than the view has get leading ones of length 1. More are refused, except by the view of the highest rank, since there
/// is no wider one to take instead: there axes of length 1 are dropped, and then neighbours that memory lets count as one are fused,
/// outermost first and no more than needed. The innermost axes stay what they are, and so does the C order of the elements.
/// </remarks>
internal static class StridedAxes
{
    /// <summary>The highest rank of a view.</summary>
    public const int MostAxes = 8;

    /// <summary>The layout with axes that the view has room for; null when it does not fit.</summary>
    public static Layout? Fit<TRank>(Layout layout)
        where TRank : unmanaged, IRank<TRank>
    {
        if (layout.Rank <= TRank.Rank)
            return layout;
        return TRank.Rank == MostAxes ? Fuse(layout) : null;
    }

    /// <summary>Lengths and element strides of a layout that fits.</summary>
    public static TRank Create<TRank>(Layout fitting)
        where TRank : unmanaged, IRank<TRank>
    {
        Span<long> lengths = stackalloc long[TRank.Rank];
        Span<long> strides = stackalloc long[TRank.Rank];
        int missing = TRank.Rank - fitting.Rank;
        lengths[..missing].Fill(1);
        for (int axis = 0; axis < fitting.Rank; axis++)
        {
            lengths[missing + axis] = fitting.Shape[axis];
            strides[missing + axis] = fitting.Shape[axis] > 1 ? fitting.ByteStrides[axis] / fitting.ItemSize : 0;
        }

        return TRank.Create(lengths, strides);
    }

    private static Layout? Fuse(Layout layout)
    {
        var axes = new List<(long Length, long Stride)>(layout.Rank);
        for (int axis = 0; axis < layout.Rank; axis++)
            axes.Add((layout.Shape[axis], layout.ByteStrides[axis]));
        bool isEmpty = layout.ElementCount == 0;
        for (int axis = 0; axis < axes.Count && axes.Count > MostAxes;)
        {
            if (axes[axis].Length == 1)
                axes.RemoveAt(axis);
            else
                axis++;
        }

        for (int axis = 0; axis + 1 < axes.Count && axes.Count > MostAxes;)
        {
            (long inner, long stride) = axes[axis + 1];
            if (isEmpty || (Int128)stride * inner == axes[axis].Stride)
            {
                axes[axis] = (axes[axis].Length * inner, stride);
                axes.RemoveAt(axis + 1);
            }
            else
            {
                axis++;
            }
        }

        return axes.Count > MostAxes ? null : new Layout([.. axes.Select(axis => axis.Length)], [.. axes.Select(axis => axis.Stride)], layout.ItemSize);
    }
}
