namespace TensorBridge.Python.Operations;

/// <summary>Elements as Python values; dates as ticks of their unit, which <c>_values.py</c> turns into Python's.</summary>
internal static class ValueOperations
{
    /// <summary>One element.</summary>
    [Operation("_item(x: tensor, index: any = None)")]
    public static object? Item(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        using TensorHandle element = tensor[[.. PositionOf(tensor.Layout, arguments[1]).Select(TensorIndex.At)]];
        return PythonValue.Of(element);
    }

    /// <summary>All elements in C order.</summary>
    [Operation("_values(x: tensor)")]
    public static object? Values(OperationArguments arguments) => PythonValue.All(arguments.Tensor(0));

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
