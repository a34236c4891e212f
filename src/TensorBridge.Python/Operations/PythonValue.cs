namespace TensorBridge.Python.Operations;

/// <summary>Elements as Python values: bool, int, float, complex, bytes, str, and tuples for records, with lists for sub-arrays.</summary>
internal static class PythonValue
{
    /// <summary>
    /// True when indexing gives one element as a value. Records stay tensors without axes, so that their fields can be
    /// selected and written; 8-bit floats and smaller have no value; memory of a device is not read in passing.
    /// </summary>
    public static bool IsGivenFor(TensorHandle tensor) =>
        HostMemory.Holds(tensor) && !tensor.DType.IsRecord && tensor.DType.Kind < ElementKind.Float8E3M4;

    /// <summary>The value of a tensor with one element.</summary>
    public static object? Of(TensorHandle element)
    {
        CheckReadable(element.DType);
        return Convert(ElementReader.Read(element.ToBytes(), element.DType), element.DType);
    }

    /// <summary>All values in C order.</summary>
    public static List<object?> All(TensorHandle tensor)
    {
        CheckReadable(tensor.DType);
        byte[] bytes = tensor.ToBytes();
        int pitch = tensor.DType.ItemSize;
        var values = new List<object?>(checked((int)tensor.ElementCount));
        for (int i = 0; i < tensor.ElementCount; i++)
            values.Add(Convert(ElementReader.Read(bytes.AsSpan(i * pitch, pitch), tensor.DType), tensor.DType));
        return values;
    }

    private static void CheckReadable(DType type)
    {
        if (type.IsPacked)
            throw new TensorUnsupportedException($"{type} packs elements into shared bytes: they have no Python value; take tobytes()");
    }

    // The reader has arrays of objects for both the fields of a record and the items of a sub-array.
    private static object? Convert(object? value, DType type) => !type.IsRecord
        ? value
        : type.Fields.Select((field, i) => ConvertItems(((object?[])value!)[i], field.Type, field.Shape.Length)).ToArray();

    private static object? ConvertItems(object? value, DType type, int depth) => depth == 0
        ? Convert(value, type)
        : ((object?[])value!).Select(item => ConvertItems(item, type, depth - 1)).ToList();
}
