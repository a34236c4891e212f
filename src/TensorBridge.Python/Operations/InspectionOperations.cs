namespace TensorBridge.Python.Operations;

/// <summary>What tensors and element types are, told without touching memory.</summary>
internal static class InspectionOperations
{
    /// <summary>The typestr of whatever names an element type.</summary>
    [Operation("_typestr(dtype: dtype)", KeepsGil = true)]
    public static object? TypeString(OperationArguments arguments) => arguments.DType(0).TypeString;

    /// <summary>The name of whatever names an element type.</summary>
    [Operation("_dtype_name(dtype: dtype)", KeepsGil = true)]
    public static object? TypeName(OperationArguments arguments) => arguments.DType(0).Name;

    /// <summary>The text of a tensor.</summary>
    [Operation("_repr(x: tensor)")]
    public static object? Text(OperationArguments arguments) => arguments.Tensor(0).ToText();

    /// <summary>The validated descriptor.</summary>
    [Operation("describe(x: tensor)", KeepsGil = true, Documentation = "What an array or bare dictionary describes, validated, in words. Touches no memory and needs no device.")]
    public static object? Describe(OperationArguments arguments) => arguments.Tensor(0).ToString();
}
