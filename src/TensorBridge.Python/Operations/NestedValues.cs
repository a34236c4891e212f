namespace TensorBridge.Python.Operations;

/// <summary>Nested lists as a tensor.</summary>
internal static class NestedValues
{
    /// <summary>True for what is an axis and no element: a list, and a tuple unless elements are records.</summary>
    public static bool IsAxis(object? value, DType type) => value is List<object?> || (value is object?[] && !type.IsRecord);

    /// <summary>The shape of nested lists.</summary>
    /// <exception cref="TensorFormatException">Lists at one depth have different lengths.</exception>
    public static long[] ShapeOf(object? value, DType type)
    {
        var shape = new List<long>();
        for (object? first = value; IsAxis(first, type); first = Items(first)[0])
        {
            shape.Add(Items(first).Count);
            if (shape[^1] == 0)
                break;
        }

        Check(value, type, shape, 0);
        return [.. shape];
    }

    /// <summary>The elements in C order.</summary>
    public static IEnumerable<object?> Leaves(object? value, DType type) =>
        IsAxis(value, type) ? Items(value).SelectMany(item => Leaves(item, type)) : [value];

    private static void Check(object? value, DType type, List<long> shape, int depth)
    {
        bool isAxis = IsAxis(value, type);
        if (isAxis != depth < shape.Count || (isAxis && Items(value).Count != shape[depth]))
            throw new TensorFormatException($"the nested lists are ragged at depth {depth}: every list at one depth must have the same length");
        if (!isAxis)
            return;
        foreach (object? item in Items(value))
            Check(item, type, shape, depth + 1);
    }

    private static IList<object?> Items(object? value) => (IList<object?>)value!;
}
