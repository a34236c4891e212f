using System.Numerics;
using ILGPU;
using TensorBridge.Accelerators.Kernels;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Loading assemblies of kernels and launching them. The Python classes around these are in <c>kernels.py</c>.</summary>
internal static unsafe class KernelOperations
{

    private static readonly LaunchOptions Plain = new() { Checkpoint = Interruptible.ThrowIfInterrupted };

    /// <summary>Loads a module.</summary>
    [Operation("_load_kernels(path: str)")]
    public static object? Load(OperationArguments arguments) => KernelTable.Add(KernelModule.Load(arguments.String(0)));

    /// <summary>Unloads a module.</summary>
    [Operation("_close_kernels(module: int)")]
    public static object? Close(OperationArguments arguments)
    {
        KernelTable.Close(arguments.Integer(0));
        return null;
    }

    /// <summary>Name, signature and engine of all kernels.</summary>
    [Operation("_list_kernels(module: int)")]
    public static object? List(OperationArguments arguments) =>
        KernelTable.Module(arguments.Integer(0)).Kernels.Select(object (kernel) => Description(kernel)).ToList();

    /// <summary>One kernel: its number, then what the list says of it.</summary>
    [Operation("_find_kernel(module: int, name: str)")]
    public static object? Find(OperationArguments arguments)
    {
        ModuleKernel kernel = KernelTable.Module(arguments.Integer(0)).Kernel(arguments.String(1));
        object?[] result = [KernelTable.Add(arguments.Integer(0), kernel), .. Description(kernel)];
        return result;
    }

    /// <summary>Launches a kernel.</summary>
    [Operation("_launch(kernel: int, *arguments: any, extent: shape = None, grid: shape = None, group: shape = None, engine: str = None, accelerator: str = None, stream: stream = None)")]
    public static void Launch(ReadOnlySpan<RawValue> values, RawValue* result)
    {
        HeldKernel kernel = KernelTable.Kernel(values[0].Integer);
        ReadOnlySpan<RawValue> arguments = values[1].ItemSpan;
        *result = default;
        if (kernel.Kernel.IsHostMethod || !AreOnHost(arguments))
        {
            Operation.Invoke(Launch, values, result);
            return;
        }

        var stack = default(ArgumentBuffer);
        Span<KernelArgument> converted = arguments.Length <= ArgumentBuffer.Length ? stack[..arguments.Length] : new KernelArgument[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
            converted[i] = Convert(kernel, i, in arguments[i]);
        kernel.Kernel.Launch(OptionsOf(values[2..]), converted);
    }

    // Exported methods may keep their arguments, and work on devices goes on after the call: both need true owners.
    private static object? Launch(OperationArguments arguments)
    {
        ReadOnlySpan<object?> values = arguments.Rest(1);
        var converted = new KernelArgument[values.Length];
        for (int i = 0; i < values.Length; i++)
            converted[i] = Convert(values[i] is TensorHandle tensor ? DeviceLocation.Correct(tensor, arguments) : values[i], i);
        return KernelTable.Kernel(arguments.Integer(0)).Kernel.Launch(Options(arguments, 2), converted);
    }

    private static bool AreOnHost(ReadOnlySpan<RawValue> arguments)
    {
        foreach (ref readonly RawValue argument in arguments)
        {
            if (argument.Kind == RawValueKind.Tensor && argument.Tensor->DeviceType != (int)DeviceType.Cpu)
                return false;
        }

        return true;
    }

    private static LaunchOptions OptionsOf(ReadOnlySpan<RawValue> options)
    {
        foreach (ref readonly RawValue option in options)
        {
            if (option.Kind == RawValueKind.None)
                continue;
            using var objects = new OperationArguments(options);
            return Given(objects, 0);
        }

        return Plain;
    }

    // The first option stands at the given place.
    private static LaunchOptions Options(OperationArguments arguments, int first)
    {
        for (int i = first; i < arguments.Count; i++)
        {
            if (arguments[i] is not null)
                return Given(arguments, first);
        }

        return Plain;
    }

    private static LaunchOptions Given(OperationArguments arguments, int first) => Plain with
    {
        Extent = arguments.OptionalShape(first),
        Grid = Sizes("grid", arguments.OptionalShape(first + 1)),
        Group = Sizes("group", arguments.OptionalShape(first + 2)),
        Engine = Engine(arguments.OptionalString(first + 3)),
        Device = arguments.OptionalString(first + 4) is { } device ? Device.Parse(device) : null,
        StreamHandle = (nint?)arguments.OptionalInteger(first + 5),
    };

    private static KernelArgument Convert(HeldKernel kernel, int position, in RawValue value) => value.Kind switch
    {
        RawValueKind.Tensor => kernel.Borrow(position, value.Tensor),
        RawValueKind.Float => value.Real,
        RawValueKind.Integer => value.Integer,
        RawValueKind.Boolean => value.Integer != 0,
        RawValueKind.Complex => new Complex(value.Real, value.Imaginary),
        _ => Convert(ObjectOf(in value), position),
    };

    private static object? ObjectOf(in RawValue value)
    {
        using var objects = new OperationArguments(new ReadOnlySpan<RawValue>(in value));
        return objects[0];
    }

    private static KernelArgument Convert(object? value, int position) => value switch
    {
        null => default,
        TensorHandle tensor => tensor,
        bool flag => flag,
        long number => number,
        BigInteger number => KernelArgument.FromInteger(Int128.CreateChecked(number)),
        double number => number,
        Complex number => number,
        string text => text,
        _ => throw new TensorFormatException($"argument {position + 1}: expected a tensor, a number or a string, got a {NameOf(value)}", isWrongType: true),
    };

    private static string NameOf(object value) => value switch
    {
        object?[] => "tuple",
        List<object?> => "list",
        byte[] => "bytes",
        SliceValue => "slice",
        EllipsisValue => "'...'",
        _ => "value of another kind",
    };

    private static KernelEngine Engine(string? name) => name switch
    {
        null or "auto" => KernelEngine.Auto,
        "host" => KernelEngine.Host,
        "emulator" => KernelEngine.Emulator,
        _ => throw new TensorFormatException($"engine is '{name}'; write 'auto', 'host' or 'emulator'"),
    };

    private static Index3D? Sizes(string what, long[]? sizes)
    {
        if (sizes is null)
            return null;
        if (sizes.Length is 0 or > 3 || sizes.Any(size => size is < 1 or > int.MaxValue))
            throw new TensorFormatException($"{what} is ({string.Join(", ", sizes)}); give one to three sizes from 1 to {int.MaxValue}");
        return new Index3D((int)sizes[0], sizes.Length > 1 ? (int)sizes[1] : 1, sizes.Length > 2 ? (int)sizes[2] : 1);
    }

    private static object?[] Description(ModuleKernel kernel) =>
    [
        kernel.Name,
        kernel.Signature,
        kernel.IsHostMethod ? "method" : kernel.HostEngineRefusal is null ? "host" : "emulator",
        kernel.HostEngineRefusal,
        kernel.IsExplicitlyGrouped,
    ];
}
