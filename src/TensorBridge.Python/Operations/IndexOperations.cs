namespace TensorBridge.Python.Operations;

/// <summary>Views of the same memory: basic indexing, other shapes, other axes.</summary>
internal static class IndexOperations
{
    /// <summary><c>x[key]</c>.</summary>
    [Operation("_getitem(x: tensor, key: any)")]
    public static object? GetItem(OperationArguments arguments)
    {
        object?[] key = arguments[1] as object?[] ?? [arguments[1]];
        return arguments.Tensor(0)[[.. key.Select(PartOf)]];
    }

    /// <summary>Other order of axes.</summary>
    [Operation("transpose(x: tensor, axes: shape = None)", Documentation = "A view with the axes in another order; reversed without axes.")]
    public static object? Transpose(OperationArguments arguments) => arguments.Tensor(0).Transpose(AxesOf(arguments.OptionalShape(1)));

    /// <summary>Another shape.</summary>
    [Operation("reshape(x: tensor, shape: shape)", Documentation = "A view of another shape with the elements in C order; one length may be -1. ValueError where that needs a copy.")]
    public static object? Reshape(OperationArguments arguments) => arguments.Tensor(0).Reshape(arguments.Shape(1));

    /// <summary>Axes of length 1 repeated, new ones in front.</summary>
    [Operation("broadcast_to(x: tensor, shape: shape)", Documentation = "A read-only view in which axes of length 1 are repeated, as NumPy broadcasts.")]
    public static object? BroadcastTo(OperationArguments arguments) => arguments.Tensor(0).BroadcastTo(arguments.Shape(1));

    /// <summary>Without axes of length 1.</summary>
    [Operation("squeeze(x: tensor, axis: shape = None)", Documentation = "A view without axes of length 1: all of them, or those named.")]
    public static object? Squeeze(OperationArguments arguments) => arguments.Tensor(0).Squeeze(AxesOf(arguments.OptionalShape(1)));

    /// <summary>The same bytes as elements of another type.</summary>
    [Operation("view(x: tensor, dtype: dtype)", Documentation = "The same bytes seen as elements of another type; with another item size the last axis is divided anew.")]
    public static object? View(OperationArguments arguments) => arguments.Tensor(0).Reinterpret(arguments.DType(1));

    private static int[] AxesOf(long[]? axes) => axes is null ? [] : [.. axes.Select(axis => checked((int)axis))];

    private static TensorIndex PartOf(object? part) => part switch
    {
        null => TensorIndex.NewAxis,
        EllipsisValue => TensorIndex.Ellipsis,
        long position => TensorIndex.At(position),
        SliceValue { Step: 0 } => throw new TensorFormatException("the step of a slice is 0"),
        SliceValue slice => TensorIndex.Slice(slice.Start, slice.Stop, slice.Step ?? 1),
        string { Length: > 0 } field => TensorIndex.Field(field),
        TensorHandle { Rank: 0, DType.Kind: ElementKind.SignedInteger or ElementKind.UnsignedInteger } scalar => TensorIndex.At(Convert.ToInt64(ValueOperations.Single(scalar), System.Globalization.CultureInfo.InvariantCulture)),
        System.Numerics.BigInteger => throw new IndexOutOfRangeException("an index beyond 64 bits"),
        _ => throw new TensorFormatException("an index is made of integers, slices, ..., None and field names; other arrays as an index would need a copy", isWrongType: true),
    };
}
