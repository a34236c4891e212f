namespace TensorBridge;

/// <summary>Applies the parts of an index to a layout.</summary>
internal sealed class LayoutSlicer(Layout layout)
{
    private readonly List<long> _shape = [];
    private readonly List<long> _strides = [];
    private int _axis;

    /// <summary>Bytes from the old element 0 to the new one.</summary>
    public long Offset { get; private set; }

    /// <summary>The layout that the parts select.</summary>
    /// <param name="index">Positions, slices, new axes and at most one ellipsis; no fields.</param>
    /// <exception cref="IndexOutOfRangeException">A position lies outside its axis, or there are more parts than axes.</exception>
    /// <exception cref="TensorLayoutException">There are two ellipses.</exception>
    public Layout Apply(ReadOnlySpan<TensorIndex> index)
    {
        int used = 0;
        int ellipses = 0;
        foreach (TensorIndex part in index)
        {
            used += part.Kind is TensorIndexKind.Integer or TensorIndexKind.Slice ? 1 : 0;
            ellipses += part.Kind == TensorIndexKind.Ellipsis ? 1 : 0;
        }

        if (used > layout.Rank)
            throw new IndexOutOfRangeException($"too many indices: {used} for {layout.Rank} axes of shape {TensorText.Tuple(layout.Shape)}");
        if (ellipses > 1)
            throw new TensorLayoutException("an index can have only one ellipsis ('...')");
        foreach (TensorIndex part in index)
            ApplyPart(part, layout.Rank - used);
        TakeWhole(layout.Rank - _axis);

        // Without elements an offset means nothing, and none may lead out of the memory.
        if (_shape.Contains(0))
            Offset = 0;
        return new Layout([.. _shape], [.. _strides], layout.ItemSize);
    }

    private void ApplyPart(TensorIndex part, int ellipsisAxes)
    {
        switch (part.Kind)
        {
            case TensorIndexKind.Integer:
                Offset += layout.NormalizeIndex(part.Start!.Value, _axis) * layout.ByteStrides[_axis];
                _axis++;
                break;
            case TensorIndexKind.Slice:
                ApplySlice(part);
                break;
            case TensorIndexKind.Ellipsis:
                TakeWhole(ellipsisAxes);
                break;
            case TensorIndexKind.NewAxis:
                _shape.Add(1);
                _strides.Add(0);
                break;
            default:
                throw new TensorLayoutException($"field {part} must be selected on a record");
        }
    }

    private void TakeWhole(int count)
    {
        for (; count > 0; count--, _axis++)
        {
            _shape.Add(layout.Shape[_axis]);
            _strides.Add(layout.ByteStrides[_axis]);
        }
    }

    // Python's slice.indices(), in 128 bits so that no bound can wrap.
    private void ApplySlice(TensorIndex slice)
    {
        long length = layout.Shape[_axis];
        long stride = layout.ByteStrides[_axis];
        bool forward = slice.Step > 0;
        long start = Clamp(slice.Start, forward ? 0 : length - 1, length, forward);
        long stop = Clamp(slice.Stop, forward ? length : -1, length, forward);
        Int128 span = forward ? (Int128)stop - start : (Int128)start - stop;
        Int128 step = Int128.Abs(slice.Step);
        long count = span <= 0 ? 0 : (long)((span + step - 1) / step);
        if (count > 0)
            Offset += start * stride;
        _shape.Add(count);

        // A single position is never stepped along, whatever the step.
        _strides.Add(count > 1 ? stride * slice.Step : stride);
        _axis++;
    }

    private static long Clamp(long? bound, long open, long length, bool forward)
    {
        if (bound is not { } value)
            return open;
        if (value < 0)
            value += length;
        return forward ? Math.Clamp(value, 0, length) : Math.Clamp(value, -1, length - 1);
    }
}
