namespace TensorBridge.Python.Operations;

/// <summary>Elements as Python values: bool, int, float, complex, bytes, str, tuples of fields. Dates are ticks of their unit.</summary>
internal static class ValueOperations
{
    /// <summary>One element.</summary>
    [Operation("_item(x: tensor, index: any = None)")]
    public static object? Item(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        using TensorHandle element = tensor[[.. PositionOf(tensor.Layout, arguments[1]).Select(TensorIndex.At)]];
        return Single(element);
    }

    /// <summary>All elements in C order.</summary>
    [Operation("_values(x: tensor)")]
    public static object? Values(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        CheckReadable(tensor.DType);
        byte[] bytes = tensor.ToBytes();
        int pitch = tensor.DType.ItemSize;
        var values = new List<object?>(checked((int)tensor.ElementCount));
        for (int i = 0; i < tensor.ElementCount; i++)
            values.Add(ElementReader.Read(bytes.AsSpan(i * pitch, pitch), tensor.DType));
        return values;
    }

    /// <summary>The value of a tensor with one element.</summary>
    internal static object? Single(TensorHandle element)
    {
        CheckReadable(element.DType);
        return ElementReader.Read(element.ToBytes(), element.DType);
    }

    private static void CheckReadable(DType type)
    {
        if (type.IsPacked)
            throw new TensorUnsupportedException($"{type} packs elements into shared bytes: they have no Python value; take tobytes()");
    }

    private static long[] PositionOf(Layout layout, object? index) => index switch
    {
        null when layout.ElementCount == 1 => new long[layout.Rank],
        null => throw new TensorLayoutException($"only a tensor with one element has an item without an index; this one has {layout.ElementCount}"),
        long flat => Unravel(layout, flat),
        object?[] items when items.Length == layout.Rank && items.All(item => item is long) => [.. items.Select(item => (long)item!)],
        _ => throw new TensorFormatException($"an index of item() is one flat position or one integer for each of the {layout.Rank} axes", isWrongType: true),
    };

    private static long[] Unravel(Layout layout, long flat)
    {
        long count = layout.ElementCount;
        long rest = flat < 0 ? flat + count : flat;
        if (rest < 0 || rest >= count)
            throw new IndexOutOfRangeException($"index {flat} is out of bounds for {count} elements");
        var index = new long[layout.Rank];
        for (int axis = layout.Rank - 1; axis >= 0; axis--)
            (rest, index[axis]) = Math.DivRem(rest, layout.Shape[axis]);
        return index;
    }
}
