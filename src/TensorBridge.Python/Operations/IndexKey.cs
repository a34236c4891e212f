namespace TensorBridge.Python.Operations;

/// <summary>What stands between the brackets of an index.</summary>
internal static class IndexKey
{
    /// <summary>The parts of a key: integers, slices, <c>...</c>, <c>None</c> and field names.</summary>
    /// <exception cref="TensorFormatException">A part is something else, or the step of a slice is 0.</exception>
    /// <exception cref="IndexOutOfRangeException">An integer beyond 64 bits, or a second ellipsis.</exception>
    public static TensorIndex[] Parse(object? key)
    {
        TensorIndex[] parts = key is object?[] tuple ? [.. tuple.Select(Part)] : [Part(key)];
        if (parts.Count(part => part.Kind == TensorIndexKind.Ellipsis) > 1)
            throw new IndexOutOfRangeException("an index has at most one ellipsis ('...')");
        return parts;
    }

    /// <summary>True when the parts name one element: an integer for every axis and nothing else.</summary>
    public static bool IsElement(ReadOnlySpan<TensorIndex> parts, int rank)
    {
        if (parts.Length != rank)
            return false;
        foreach (TensorIndex part in parts)
        {
            if (part.Kind != TensorIndexKind.Integer)
                return false;
        }

        return true;
    }

    private static TensorIndex Part(object? part) => part switch
    {
        null => TensorIndex.NewAxis,
        EllipsisValue => TensorIndex.Ellipsis,
        long index => TensorIndex.At(index),
        string { Length: > 0 } field => TensorIndex.Field(field),
        SliceValue slice => Slice(slice),
        TensorHandle { Rank: 0 } scalar when scalar.DType.Kind is ElementKind.SignedInteger or ElementKind.UnsignedInteger => TensorIndex.At(IntegerOf(scalar)),
        System.Numerics.BigInteger index => throw new IndexOutOfRangeException($"index {index} is beyond 64 bits"),
        _ => throw new TensorFormatException("an index is made of integers, slices, ..., None and field names; lists, truth values and arrays as an index would need a copy", isWrongType: true),
    };

    // The smallest long has no counterpart; one tick more changes no slice.
    private static TensorIndex Slice(SliceValue slice) => slice.Step == 0
        ? throw new TensorFormatException("the step of a slice is 0")
        : TensorIndex.Slice(slice.Start, slice.Stop, Math.Max(slice.Step ?? 1, -long.MaxValue));

    // NumPy's integer scalars come as tensors without axes.
    private static long IntegerOf(TensorHandle scalar) => PythonValue.Of(scalar) switch
    {
        long index => index,
        ulong and > long.MaxValue => throw new IndexOutOfRangeException("an index is beyond 64 bits"),
        object index => (long)(ulong)index,
        null => throw new InvalidOperationException("an integer without a value"),
    };
}
