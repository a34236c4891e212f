namespace TensorBridge.Accelerators.Cuda;

/// <summary>Part of a copy that fits a chunk of the staging ring: whole inner axes and a stretch of the next one.</summary>
/// <param name="DenseOffset">Bytes from the begin of the dense side.</param>
/// <param name="StridedOffset">Bytes from the first word of the other side.</param>
/// <param name="Length">Entries along the axis that is cut.</param>
/// <param name="Bytes">Bytes of the block.</param>
internal readonly record struct CopyBlock(long DenseOffset, long StridedOffset, long Length, long Bytes)
{
    /// <summary>Cuts a copy with one dense side into blocks of at most <paramref name="limit"/> bytes, in order.</summary>
    public static IEnumerable<CopyBlock> Walk(CopyGeometry geometry, CopySide strided, long limit, int cut)
    {
        IReadOnlyList<CopyGeometry.Axis> axes = geometry.Axes;
        if (axes.Count == 0)
        {
            yield return new CopyBlock(0, 0, 1, geometry.WordSize);
            yield break;
        }

        long inner = InnerBytes(geometry, cut);
        long step = Math.Max(1, limit / inner);
        var index = new long[cut];
        long dense = 0;
        do
        {
            long strides = 0;
            for (int axis = 0; axis < cut; axis++)
                strides += index[axis] * axes[axis].Stride(strided);
            for (long at = 0; at < axes[cut].Length; at += step)
            {
                long length = Math.Min(step, axes[cut].Length - at);
                yield return new CopyBlock(dense, strides + (at * axes[cut].Stride(strided)), length, length * inner);
                dense += length * inner;
            }
        }
        while (Advance(index, axes));
    }

    /// <summary>The outermost axis along which blocks are cut: everything inside it fits the limit.</summary>
    public static int CutAxis(CopyGeometry geometry, long limit)
    {
        int cut = geometry.Axes.Count - 1;
        while (cut > 0 && InnerBytes(geometry, cut - 1) <= limit)
            cut--;
        return Math.Max(cut, 0);
    }

    private static long InnerBytes(CopyGeometry geometry, int axis)
    {
        long bytes = geometry.WordSize;
        for (int i = axis + 1; i < geometry.Axes.Count; i++)
            bytes *= geometry.Axes[i].Length;
        return bytes;
    }

    private static bool Advance(long[] index, IReadOnlyList<CopyGeometry.Axis> axes)
    {
        for (int axis = index.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < axes[axis].Length)
                return true;
            index[axis] = 0;
        }

        return false;
    }
}
