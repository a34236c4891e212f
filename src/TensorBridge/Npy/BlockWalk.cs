namespace TensorBridge;

/// <summary>Cuts the index space of a large copy into boxes, so that it runs in bounded memory.</summary>
/// <remarks>
/// A box that is too large is halved along the axis that spans the most bytes. Where the weights are the strides of one dense
/// array, the boxes are runs of that array in rising order. Where they are the sums of the strides of two arrays in
/// different orders, the boxes are near-square tiles: both files are then read and written by whole pages, and each page few times.
/// </remarks>
internal sealed class BlockWalk
{
    private readonly double[] _weights;
    private readonly long _maxElements;
    private readonly Action<long[], long[]> _visit;

    private BlockWalk(double[] weights, long maxElements, Action<long[], long[]> visit)
    {
        _weights = weights;
        _maxElements = maxElements;
        _visit = visit;
    }

    /// <summary>Visits every element of <paramref name="shape"/> once; there must be at least one.</summary>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="weights">Bytes that one step along each axis spans.</param>
    /// <param name="maxElements">Most elements of a box.</param>
    /// <param name="visit">Receives the first index and the lengths of each box.</param>
    public static void Run(ReadOnlySpan<long> shape, double[] weights, long maxElements, Action<long[], long[]> visit) =>
        new BlockWalk(weights, Math.Max(1, maxElements), visit).Walk(new long[shape.Length], shape.ToArray());

    /// <summary>The part of a tensor that a box covers.</summary>
    public static TensorDescriptor Part(TensorDescriptor tensor, long[] start, long[] lengths)
    {
        long offset = 0;
        for (int axis = 0; axis < start.Length; axis++)
            offset += start[axis] * tensor.Layout.ByteStrides[axis];
        return tensor.With(data: (nuint)((nint)tensor.Data + offset), layout: new Layout(lengths, tensor.Layout.ByteStrides, tensor.DType.ItemSize));
    }

    private void Walk(long[] start, long[] lengths)
    {
        int axis = LayoutMath.ElementCount(lengths) > _maxElements ? WidestAxis(lengths) : -1;
        if (axis < 0)
        {
            _visit(start, lengths);
            return;
        }

        long half = (lengths[axis] + 1) / 2;
        Walk(start, With(lengths, axis, half));
        Walk(With(start, axis, start[axis] + half), With(lengths, axis, lengths[axis] - half));
    }

    private int WidestAxis(long[] lengths)
    {
        int widest = -1;
        double most = -1;
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            double span = (lengths[axis] - 1.0) * _weights[axis];
            if (lengths[axis] > 1 && span > most)
                (widest, most) = (axis, span);
        }

        return widest;
    }

    private static long[] With(long[] values, int axis, long value)
    {
        long[] changed = [.. values];
        changed[axis] = value;
        return changed;
    }
}
