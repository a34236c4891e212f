using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Questions about all elements of two tensors.</summary>
internal static class ComparisonOperations
{
    /// <summary>Equality.</summary>
    [Operation("array_equal(a: any, b: any, equal_nan: bool = False)", Documentation = """
        True when two tensors have the same shape and equal elements.

        a, b: tensors, any arrays in host memory or on one CUDA device with any strides and byte order, or numbers. Numbers of different types are compared by
        value: integers exactly, others as float64 or complex128. Dates need one unit, records the same field names; other
        different types are unequal. equal_nan: True counts NaN (and NaT) as equal to itself.
        A device compares by itself, on the stream that a names, else that of b; only the answer comes back, and is waited for.

        Raises TypeError for dates of different units and for types without values, RuntimeError for tensors on different
        devices.
        """)]
    public static object? ArrayEqual(OperationArguments arguments)
    {
        using TensorHandle a = Operand(arguments[0]);
        using TensorHandle b = Operand(arguments[1]);
        return DeviceWork.IsNeeded(null, a, b)
            ? DeviceComparison.Run(arguments, a, b, (bridge, x, y, stream) => bridge.AreEqual(x, y, arguments.Boolean(2), stream))
            : ElementComparison.AreEqual(a, b, arguments.Boolean(2));
    }

    /// <summary>Equality within tolerances.</summary>
    [Operation("allclose(a: any, b: any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False)", Documentation = """
        True when all elements satisfy abs(a - b) <= atol + rtol * abs(b), after broadcasting, as NumPy's allclose.

        a, b: numeric tensors or arrays in host memory or on one CUDA device with any strides and byte order, or numbers; compared as
        float64 or complex128. rtol, atol: the relative and the absolute tolerance. Infinities are close to themselves, NaN only
        with equal_nan=True. A device compares by itself, on the stream that a names, else that of b; only the answer comes back, and
        is waited for.

        Raises ValueError where the shapes do not broadcast, TypeError for elements that are no numbers, RuntimeError for
        tensors on different devices.
        """)]
    public static object? AllClose(OperationArguments arguments)
    {
        using TensorHandle a = Operand(arguments[0]);
        using TensorHandle b = Operand(arguments[1]);
        return DeviceWork.IsNeeded(null, a, b)
            ? DeviceComparison.Run(arguments, a, b, (bridge, x, y, stream) => bridge.AreClose(x, y, arguments.Float(2), arguments.Float(3), arguments.Boolean(4), stream))
            : ElementComparison.AreClose(a, b, arguments.Float(2), arguments.Float(3), arguments.Boolean(4));
    }

    private static TensorHandle Operand(object? value)
    {
        if (value is TensorHandle tensor)
            return tensor.Share();
        TensorHandle scalar = TensorAllocator.Shared.Allocate(ElementWriter.TypeOf(value), []);
        Assignment.Run(scalar, value);
        return scalar;
    }
}
