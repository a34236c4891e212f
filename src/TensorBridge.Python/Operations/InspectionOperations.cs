namespace TensorBridge.Python.Operations;

/// <summary>What tensors and element types are, told in words.</summary>
internal static class InspectionOperations
{
    /// <summary>The typestr of whatever names an element type.</summary>
    [Operation("_typestr(dtype: dtype)", KeepsGil = true)]
    public static object? TypeString(OperationArguments arguments) => arguments.DType(0).TypeString;

    /// <summary>The name of whatever names an element type.</summary>
    [Operation("_dtype_name(dtype: dtype)", KeepsGil = true)]
    public static object? TypeName(OperationArguments arguments) => arguments.DType(0).Name;

    /// <summary>The values of a tensor in NumPy's manner.</summary>
    [Operation("_repr(x: tensor)")]
    public static object? Text(OperationArguments arguments) => arguments.Tensor(0).ToText();

    /// <summary>The values alone.</summary>
    [Operation("_str(x: tensor)")]
    public static object? Values(OperationArguments arguments)
    {
        TensorDescriptor descriptor = arguments.Tensor(0).Descriptor;
        return TensorPrinter.PrintValues(descriptor, TensorReaders.For(descriptor));
    }

    /// <summary>The description of a tensor as errors print it. No element is read.</summary>
    [Operation("_description(x: tensor)")]
    public static object? Description(OperationArguments arguments) => arguments.Tensor(0).ToString();
}
