using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>New tensors in host memory, from the pooled allocator.</summary>
internal static class AllocationOperations
{
    /// <summary>Memory as it comes.</summary>
    [Operation("empty(shape: shape, dtype: dtype = 'float64', order: str = 'C')", Documentation = """
        A new tensor in host memory; its elements are undefined.

        shape: the lengths of the axes, a tuple of ints or one int. dtype: the element type, in any spelling. order: 'C' or 'F'.
        The memory is 64-byte aligned and comes from a pool of blocks used before.

        Raises ValueError for a negative length or an unknown order, TypeError for an unknown element type, OverflowError for a
        size beyond 63 bits, MemoryError where the machine does not give that much.
        """)]
    public static object? Empty(OperationArguments arguments) => Allocate(arguments, zero: false);

    /// <summary>Cleared memory.</summary>
    [Operation("zeros(shape: shape, dtype: dtype = 'float64', order: str = 'C')", Documentation = """
        A new tensor in host memory whose bytes are all zero.

        Arguments and errors as for empty().
        """)]
    public static object? Zeros(OperationArguments arguments) => Allocate(arguments, zero: true);

    /// <summary>Memory like another's.</summary>
    [Operation("empty_like(x: tensor, dtype: dtype = None, order: str = 'K', shape: shape = None)", Documentation = """
        A new tensor in host memory with the shape and element type of x; its elements are undefined.

        x: a tensor or any array, on any device. dtype and shape replace those of x. order: 'C', 'F', or 'K' for the order in
        which the axes of x lie in memory (C where shape is given).

        Raises as empty() does.
        """)]
    public static object? EmptyLike(OperationArguments arguments)
    {
        TensorHandle model = arguments.Tensor(0);
        DType type = arguments.OptionalDType(1) ?? model.DType;
        Order order = CopyOperations.OrderOf(arguments.String(2));
        long[]? shape = arguments.OptionalShape(3);
        if (shape is null)
            return TensorAllocator.Shared.Allocate(type, TensorCopy.Rescale(model.Layout.ToContiguous(order), type.ItemSize));
        return TensorAllocator.Shared.Allocate(type, shape, order == Order.K ? Order.C : order);
    }

    /// <summary>One value everywhere.</summary>
    [Operation("full(shape: shape, fill_value: any, dtype: dtype = None, order: str = 'C')", Documentation = """
        A new tensor in host memory with fill_value in every element.

        fill_value: a Python value, or an array that broadcasts to shape. dtype: by default that of fill_value (bool, int64,
        float64, complex128, text or bytes of its length, or the array's). Other arguments and errors as for empty(); also
        OverflowError for an int that the type cannot hold.
        """)]
    public static object? Full(OperationArguments arguments)
    {
        object? value = arguments[1];
        TensorHandle result = TensorAllocator.Shared.Allocate(
            arguments.OptionalDType(2) ?? ElementWriter.TypeOf(value), arguments.Shape(0), DenseOrderOf(arguments.String(3)), zero: true);
        try
        {
            Assignment.Run(result, value);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static TensorHandle Allocate(OperationArguments arguments, bool zero) =>
        TensorAllocator.Shared.Allocate(arguments.DType(1), arguments.Shape(0), DenseOrderOf(arguments.String(2)), zero);

    private static Order DenseOrderOf(string text) => CopyOperations.OrderOf(text) is var order && order != Order.K
        ? order
        : throw new TensorFormatException($"order is '{text}'; a new tensor has order 'C' or 'F'");
}
