namespace TensorBridge.Python.Operations;

/// <summary>Other shapes and types over the same memory; never a copy.</summary>
internal static class ViewOperations
{
    /// <summary>The axes in another order.</summary>
    [Operation("transpose(x: tensor, axes: shape = None)", Documentation = """
        The tensor with its axes in another order, over the same memory.

        x: a tensor or any array, on any device. axes: a permutation of the axes; None reverses them.

        Raises ValueError where axes is no permutation.
        """)]
    public static object? Transpose(OperationArguments arguments) => arguments.OptionalShape(1) is { Length: 0 } && arguments.Tensor(0).Rank > 0
        ? throw new TensorLayoutException($"transpose needs each of the {arguments.Tensor(0).Rank} axes once, got ()")
        : arguments.Tensor(0).Transpose(Axes(arguments.OptionalShape(1)));

    /// <summary>Another shape.</summary>
    [Operation("reshape(x: tensor, shape: shape)", Documentation = """
        The tensor with another shape and its elements in C order, over the same memory.

        x: a tensor or any array, on any device. shape: a tuple of ints or one int; one length may be -1 and is computed.

        Raises ValueError where the number of elements differs, or where the strides cannot say the shape without a copy
        (take ascontiguousarray() first).
        """)]
    public static object? Reshape(OperationArguments arguments) => arguments.Tensor(0).Reshape(arguments.Shape(1));

    /// <summary>Axes of length 1 taken away.</summary>
    [Operation("squeeze(x: tensor, axis: shape = None)", Documentation = """
        The tensor without axes of length 1, over the same memory.

        x: a tensor or any array, on any device. axis: which of them, an int or a tuple of ints; None takes all.

        Raises ValueError for an axis of another length.
        """)]
    public static object? Squeeze(OperationArguments arguments) => arguments.OptionalShape(1) is { Length: 0 }
        ? arguments.Tensor(0).Share()
        : arguments.Tensor(0).Squeeze(Axes(arguments.OptionalShape(1)));

    /// <summary>Repeated along new or stretched axes.</summary>
    [Operation("broadcast_to(x: tensor, shape: shape)", Documentation = """
        The tensor repeated along new or stretched axes, over the same memory: a read-only view with stride 0 there.

        x: a tensor or any array, on any device. shape: a tuple of ints or one int; from the last axis on each length is that
        of x, or x has length 1 or no axis there.

        Raises ValueError where the shapes do not fit.
        """)]
    public static object? BroadcastTo(OperationArguments arguments) => arguments.Tensor(0).BroadcastTo(arguments.Shape(1));

    /// <summary>Another element type over the same bytes.</summary>
    [Operation("_view(x: tensor, dtype: dtype)")]
    public static object? Reinterpret(OperationArguments arguments) => arguments.Tensor(0).Reinterpret(arguments.DType(1));

    // An axis beyond 32 bits is out of bounds in any case.
    private static int[] Axes(long[]? axes) => axes is null ? [] : [.. axes.Select(axis => (int)Math.Clamp(axis, -1000, 1000))];
}
