using System.Globalization;
using TensorBridge.Accelerators;

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

    /// <summary>What a tensor is and holds, in words.</summary>
    [Operation("inspect(x: tensor, *, stream: stream = None)", Documentation = """
        What a tensor is and holds, as text to print: description, the corners of the values, and statistics of all elements.

        x: a tensor or any array in host or CUDA memory, of any strides. Numbers have min, max and mean (complex ones on a device of
        their real parts), floats the number of NaNs; on a device NaNs are left out of the rest.
        stream: the CUDA stream to work on; by default the one that x names, else the legacy default stream.
        A device reads its elements by itself: the printed corners and a few numbers come back, and are waited for.

        Raises ValueError for a stream for host memory, RuntimeError for memory of another kind of device.
        """)]
    public static object? Inspect(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        long? stream = arguments.OptionalInteger(1);
        IEnumerable<string> facts = DeviceWork.IsNeeded(stream, tensor) ? DeviceFacts(tensor, stream) : TensorFacts.Of(tensor, static (_, _) => Interruptible.ThrowIfInterrupted()).Facts;
        return string.Join('\n', new[] { tensor.ToString(), TensorPrinter.PrintValues(tensor.Descriptor, TensorReaders.For(tensor.Descriptor)), string.Join(", ", facts) }.Where(line => line.Length > 0));
    }

    private static List<string> DeviceFacts(TensorHandle tensor, long? stream)
    {
        DType type = tensor.DType;
        if (!type.IsNumeric || tensor.ElementCount == 0)
            return [];
        TensorStatistics statistics;
        using (DeviceWork work = DeviceWork.On(stream, tensor))
            statistics = work.Bridge.Statistics(work.Take(tensor), work.Stream);
        if (type.Kind == ElementKind.Boolean)
        {
            long count = (long)Math.Round(statistics.Mean * statistics.Count);
            return [$"True {count}", $"False {statistics.Count - count}"];
        }

        List<string> facts = statistics.NaNCount == statistics.Count ? [] :
        [
            $"min {Shortest(statistics.Minimum)}",
            $"max {Shortest(statistics.Maximum)}",
            string.Create(CultureInfo.InvariantCulture, $"mean {statistics.Mean}"),
        ];
        if (type.Kind > ElementKind.UnsignedInteger)
            facts.Add($"NaN {statistics.NaNCount}");
        return type.Kind == ElementKind.Complex ? [.. facts.Select(fact => $"real {fact}")] : facts;

        string Shortest(double value) => type.Kind == ElementKind.Complex
            ? value.ToString(CultureInfo.InvariantCulture)
            : TensorFacts.Shortest(value, type.Kind > ElementKind.UnsignedInteger ? type : DType.Float64);
    }
}
