namespace TensorBridge.Python.Operations;

/// <summary>Basic indexing: integers, slices, <c>...</c>, <c>None</c> and field names. Always a view of the same memory.</summary>
internal static class IndexOperations
{
    /// <summary><c>x[key]</c>.</summary>
    [Operation("_getitem(x: tensor, key: any)")]
    public static object? GetItem(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        return arguments[1] is string field ? SelectField(tensor, field) : Select(tensor, arguments[1] as object?[] ?? [arguments[1]]);
    }

    private static TensorHandle Select(TensorHandle tensor, object?[] key)
    {
        TensorDescriptor descriptor = tensor.Descriptor;
        Layout layout = descriptor.Layout;
        List<long> shape = [];
        List<long> strides = [];
        long offset = 0;
        int axis = 0;
        foreach (object? part in Expand(key, layout.Rank))
        {
            switch (part)
            {
                case null:
                    shape.Add(1);
                    strides.Add(0);
                    break;
                case long index:
                    offset += layout.NormalizeIndex(index, axis) * layout.ByteStrides[axis];
                    axis++;
                    break;
                case SliceValue slice:
                    (long start, long length, long step) = Resolve(slice, layout.Shape[axis]);
                    offset += length > 0 ? start * layout.ByteStrides[axis] : 0;
                    shape.Add(length);
                    strides.Add(length > 1 ? step * layout.ByteStrides[axis] : layout.ByteStrides[axis]);
                    axis++;
                    break;
                default:
                    throw new TensorFormatException("an index is made of integers, slices, ..., None and field names; other arrays as an index would need a copy", isWrongType: true);
            }
        }

        var selected = new Layout(shape.ToArray(), strides.ToArray(), layout.ItemSize);
        return tensor.View(descriptor.With(data: unchecked(descriptor.Data + (nuint)offset), layout: selected));
    }

    private static TensorHandle SelectField(TensorHandle tensor, string name)
    {
        TensorDescriptor descriptor = tensor.Descriptor;
        RecordField field = descriptor.DType.Field(name);
        long[] inner = [.. field.Shape.Select(length => (long)length)];
        ReadOnlySpan<long> innerStrides = Layout.Contiguous(inner, field.Type.ItemSize).ByteStrides;
        var selected = new Layout([.. descriptor.Shape, .. inner], [.. descriptor.Layout.ByteStrides, .. innerStrides], field.Type.ItemSize);
        return tensor.View(descriptor.With(descriptor.Data + (nuint)field.Offset, field.Type, selected));
    }

    // Every axis gets a part: the ellipsis, or the missing end, stands for whole axes.
    private static List<object?> Expand(object?[] key, int rank)
    {
        int used = key.Count(part => part is not (null or EllipsisValue));
        if (used > rank)
            throw new IndexOutOfRangeException($"{used} indices for a tensor of {rank} axes");
        if (key.Count(part => part is EllipsisValue) > 1)
            throw new IndexOutOfRangeException("an index has at most one ellipsis ('...')");
        IEnumerable<object?> whole = Enumerable.Repeat<object?>(new SliceValue(null, null, null), rank - used);
        int at = Array.FindIndex(key, part => part is EllipsisValue);
        return at < 0 ? [.. key, .. whole] : [.. key[..at], .. whole, .. key[(at + 1)..]];
    }

    // As slice.indices() of Python.
    private static (long Start, long Length, long Step) Resolve(SliceValue slice, long length)
    {
        long step = slice.Step ?? 1;
        if (step == 0)
            throw new TensorFormatException("the step of a slice is 0");
        step = Math.Max(step, -long.MaxValue);
        long lowest = step < 0 ? -1 : 0;
        long highest = step < 0 ? length - 1 : length;
        long start = slice.Start is long from ? Clip(from, length, lowest, highest) : step < 0 ? highest : lowest;
        long stop = slice.Stop is long to ? Clip(to, length, lowest, highest) : step < 0 ? lowest : highest;
        long count = step > 0 ? (stop > start ? ((stop - start - 1) / step) + 1 : 0) : start > stop ? ((start - stop - 1) / -step) + 1 : 0;
        return (start, count, step);
    }

    private static long Clip(long bound, long length, long lowest, long highest) =>
        Math.Clamp(bound < 0 ? bound + length : bound, lowest, highest);
}
