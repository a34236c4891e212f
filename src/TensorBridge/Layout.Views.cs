namespace TensorBridge;

public sealed partial class Layout
{
    /// <summary>The same elements with the axes in another order.</summary>
    /// <param name="axes">A permutation of the axes, negative ones counted from the end; empty reverses all.</param>
    /// <exception cref="TensorLayoutException">It is no permutation.</exception>
    public Layout Transpose(params ReadOnlySpan<int> axes)
    {
        if (!axes.IsEmpty && axes.Length != Rank)
            throw new TensorLayoutException($"transpose of shape {TensorText.Tuple(_shape)} needs {Rank} axes, got {axes.Length}");
        var shape = new long[Rank];
        var strides = new long[Rank];
        ulong seen = 0;
        for (int axis = 0; axis < Rank; axis++)
        {
            int source = axes.IsEmpty ? Rank - 1 - axis : NormalizeAxis(axes[axis], Rank);
            if ((seen & (1UL << source)) != 0)
                throw new TensorLayoutException($"transpose names axis {source} twice");
            seen |= 1UL << source;
            shape[axis] = _shape[source];
            strides[axis] = _strides[source];
        }

        return new Layout(shape, strides, ItemSize, owned: true);
    }

    /// <summary>The same elements repeated along new or stretched axes, with stride 0.</summary>
    /// <param name="shape">The shape to reach; it agrees with this one from the last axis on, or this one has length 1 there.</param>
    /// <exception cref="TensorLayoutException">A length differs and is not 1.</exception>
    public Layout BroadcastTo(params ReadOnlySpan<long> shape)
    {
        if (shape.Length < Rank)
            throw new TensorLayoutException($"shape {TensorText.Tuple(_shape)} has more axes than {TensorText.Tuple(shape)} and cannot be broadcast to it");
        var strides = new long[shape.Length];
        int added = shape.Length - Rank;
        for (int axis = 0; axis < Rank; axis++)
        {
            if (_shape[axis] == shape[added + axis])
                strides[added + axis] = _strides[axis];
            else if (_shape[axis] != 1)
                throw new TensorLayoutException($"shape {TensorText.Tuple(_shape)} cannot be broadcast to {TensorText.Tuple(shape)}: axis {axis} has length {_shape[axis]}");
        }

        return new Layout(shape, strides, ItemSize);
    }

    /// <summary>The same elements without the axes of length 1.</summary>
    /// <param name="axes">Which of them; empty for all.</param>
    /// <exception cref="TensorLayoutException">A named axis has another length.</exception>
    public Layout Squeeze(params ReadOnlySpan<int> axes)
    {
        ulong drop = 0;
        foreach (int axis in axes)
        {
            int normalized = NormalizeAxis(axis, Rank);
            if (_shape[normalized] != 1)
                throw new TensorLayoutException($"axis {normalized} of shape {TensorText.Tuple(_shape)} has length {_shape[normalized]} and cannot be squeezed");
            drop |= 1UL << normalized;
        }

        var shape = new List<long>(Rank);
        var strides = new List<long>(Rank);
        for (int axis = 0; axis < Rank; axis++)
        {
            if (axes.IsEmpty ? _shape[axis] == 1 : (drop & (1UL << axis)) != 0)
                continue;
            shape.Add(_shape[axis]);
            strides.Add(_strides[axis]);
        }

        return new Layout([.. shape], [.. strides], ItemSize, owned: true);
    }

    /// <summary>The same elements in C order of their indices with another shape, where strides can say that.</summary>
    /// <param name="shape">The new shape; one entry may be -1 and is computed.</param>
    /// <exception cref="TensorLayoutException">The counts differ, or the strides would need a copy.</exception>
    public Layout Reshape(params ReadOnlySpan<long> shape)
    {
        long[] lengths = CompleteShape(shape);
        var strides = new long[lengths.Length];
        if (ElementCount == 0)
            LayoutMath.FillCStrides(lengths, ItemSize, strides);
        else if (!TryReshape(lengths, strides))
            throw new TensorLayoutException($"shape {TensorText.Tuple(_shape)} with strides {TensorText.Tuple(_strides)} cannot be seen as {TensorText.Tuple(lengths)} without a copy; call ToContiguous() first");
        return new Layout(lengths, strides, ItemSize, owned: true);
    }

    internal static int NormalizeAxis(int axis, int rank)
    {
        int normalized = axis < 0 ? axis + rank : axis;
        return normalized >= 0 && normalized < rank
            ? normalized
            : throw new TensorLayoutException($"axis {axis} is out of bounds for rank {rank}");
    }

    private long[] CompleteShape(ReadOnlySpan<long> shape)
    {
        CheckRank(shape.Length);
        long[] lengths = shape.ToArray();
        int open = Array.IndexOf(lengths, -1);
        if (open >= 0)
        {
            if (Array.LastIndexOf(lengths, -1) != open)
                throw new TensorLayoutException($"shape {TensorText.Tuple(shape)} leaves more than one length open");
            lengths[open] = 1;
            long known = LayoutMath.ElementCount(lengths);
            if (known == 0 || ElementCount % known != 0)
                throw new TensorLayoutException($"{ElementCount} elements cannot be reshaped to {TensorText.Tuple(shape)}");
            lengths[open] = ElementCount / known;
        }

        long count = LayoutMath.ElementCount(lengths);
        return count == ElementCount
            ? lengths
            : throw new TensorLayoutException($"{ElementCount} elements of shape {TensorText.Tuple(_shape)} cannot be reshaped to {TensorText.Tuple(shape)} with {count}");
    }

    // NumPy's rule: pair up groups of old and new axes with equal products; a group of old axes must be dense in itself.
    private bool TryReshape(ReadOnlySpan<long> lengths, Span<long> strides)
    {
        int[] old = [.. Enumerable.Range(0, Rank).Where(axis => _shape[axis] != 1)];
        int oldFrom = 0;
        int newFrom = 0;
        while (newFrom < lengths.Length && oldFrom < old.Length)
        {
            long oldCount = _shape[old[oldFrom]];
            long newCount = lengths[newFrom];
            int oldTo = oldFrom + 1;
            int newTo = newFrom + 1;
            while (oldCount != newCount)
            {
                if (newCount < oldCount)
                    newCount *= lengths[newTo++];
                else
                    oldCount *= _shape[old[oldTo++]];
            }

            for (int axis = oldFrom; axis < oldTo - 1; axis++)
            {
                if (_strides[old[axis]] != (Int128)_shape[old[axis + 1]] * _strides[old[axis + 1]])
                    return false;
            }

            strides[newTo - 1] = _strides[old[oldTo - 1]];
            for (int axis = newTo - 1; axis > newFrom; axis--)
                strides[axis - 1] = strides[axis] * lengths[axis];
            oldFrom = oldTo;
            newFrom = newTo;
        }

        // What is left are axes of length 1.
        for (int axis = newFrom; axis < lengths.Length; axis++)
            strides[axis] = ItemSize;
        return true;
    }
}
