namespace TensorBridge.Python.Operations;

/// <summary>Pictures of tensors; the colours and the file are made in <c>picture.py</c>.</summary>
internal static class HeatMapOperations
{
    /// <summary>(height, width, lowest, highest, one byte for each pixel).</summary>
    [Operation("_heat_map(x: tensor, low: float = None, high: float = None)")]
    public static object? Render(OperationArguments arguments)
    {
        HeatMap map = HeatMap.Read(HostMemory.Of(arguments.Tensor(0)));
        (double low, double high) = map.Range();
        low = arguments[1] as double? ?? low;
        high = arguments[2] as double? ?? high;
        return new object?[] { map.Height, map.Width, low, high, map.Shades(low, high) };
    }
}
