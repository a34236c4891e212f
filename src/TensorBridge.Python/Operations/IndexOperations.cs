namespace TensorBridge.Python.Operations;

/// <summary>Basic indexing: reading gives a view of the same memory, or the value of one element; writing goes to that view.</summary>
internal static class IndexOperations
{
    /// <summary><c>x[key]</c>.</summary>
    [Operation("_getitem(x: tensor, key: any)")]
    public static object? GetItem(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        TensorIndex[] parts = IndexKey.Parse(arguments[1]);
        TensorHandle selected = tensor[parts];
        if (!IndexKey.IsElement(parts, tensor.Rank) || !PythonValue.IsGivenFor(tensor))
            return selected;
        using (selected)
            return PythonValue.Of(selected);
    }

    /// <summary><c>x[key] = value</c>.</summary>
    [Operation("_setitem(x: tensor, key: any, value: any)")]
    public static object? SetItem(OperationArguments arguments)
    {
        using TensorHandle selected = arguments.Tensor(0)[IndexKey.Parse(arguments[1])];
        Assignment.Run(selected, arguments[2]);
        return null;
    }
}
