using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>How many threads copies use.</summary>
internal static class ThreadOperations
{
    /// <summary>The number now.</summary>
    [Operation("get_num_threads()", Documentation = "The number of threads that a large copy uses at most; all cores unless set_num_threads() has said otherwise.", KeepsGil = true)]
    public static object? Get(OperationArguments arguments) => TensorCopy.MaxDegree;

    /// <summary>Another number.</summary>
    [Operation("set_num_threads(n: int)", Documentation = """
        Sets how many threads a large copy may use, in this process, from now on; small copies use one in any case.

        Raises ValueError for a number below 1.
        """, KeepsGil = true)]
    public static object? Set(OperationArguments arguments)
    {
        long count = arguments.Integer(0);
        if (count < 1)
            throw new TensorFormatException($"n is {count}; a copy needs at least 1 thread");
        TensorCopy.MaxDegree = (int)Math.Min(count, int.MaxValue);
        return null;
    }
}
