using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>.npy files.</summary>
internal static class FileOperations
{
    /// <summary>Maps a file.</summary>
    [Operation("_open_npy(path: str, mode: str)")]
    public static object? Open(OperationArguments arguments) => Npy.Open(arguments.String(0), arguments.String(1) switch
    {
        "r" => NpyMode.Read,
        "r+" => NpyMode.ReadWrite,
        "c" => NpyMode.CopyOnWrite,
        string mode => throw new TensorFormatException($"mode is '{mode}'; it must be 'r' (read-only), 'r+' (changes go to the file), 'c' (changes stay in memory) or 'w+' (a new file)"),
    });

    /// <summary>Makes a file, mapped.</summary>
    [Operation("_create_npy(path: str, dtype: dtype, shape: shape, order: str)")]
    public static object? Create(OperationArguments arguments) =>
        Npy.Create(arguments.String(0), arguments.DType(1), arguments.Shape(2), OrderOf(arguments.String(3), Order.C, Order.F));

    /// <summary>Reads a file into memory.</summary>
    [Operation("_load_npy(path: str)")]
    public static object? Load(OperationArguments arguments) => Npy.Load(arguments.String(0));

    /// <summary>Writes a file.</summary>
    [Operation("_save_npy(path: str, x: tensor, order: str, dtype: dtype = None, casting: str = 'same_kind')")]
    public static object? Save(OperationArguments arguments)
    {
        CopyOptions options = Interruptible.Options with { Casting = CastingRules.Parse(arguments.String(4)) };
        Npy.Save(arguments.String(0), arguments.Tensor(1), OrderOf(arguments.String(2), Order.C, Order.F, Order.K), arguments.OptionalDType(3), options);
        return null;
    }

    /// <summary>Waits until the disk has what was written to a mapped file.</summary>
    [Operation("flush_npy(x: tensor)", Documentation = "Writes the changes of a tensor over a mapped .npy file to the disk and waits until they are there.\n\nWithout it they reach the file at a time the system chooses.\n\nRaises ValueError for any other tensor, OSError where the disk does not take them.")]
    public static object? Flush(OperationArguments arguments)
    {
        Npy.Flush(arguments.Tensor(0));
        return null;
    }

    private static Order OrderOf(string text, params ReadOnlySpan<Order> accepted)
    {
        foreach (Order order in accepted)
        {
            if (order.ToString() == text)
                return order;
        }

        throw new TensorFormatException($"order is '{text}'; it must be one of '{string.Join("', '", accepted.ToArray())}'");
    }
}
