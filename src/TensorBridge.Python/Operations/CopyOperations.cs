using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Copies that a user asks for. They run without the GIL and stop on Ctrl-C.</summary>
internal static class CopyOperations
{
    /// <summary>A dense copy.</summary>
    [Operation("copy(x: tensor, order: str = 'C')", Documentation = "A copy in host memory of its own, dense in the order 'C', 'F' or 'K' (as the axes lie).")]
    public static object? Copy(OperationArguments arguments) =>
        TensorCopy.ToContiguous(arguments.Tensor(0), OrderOf(arguments.String(1)), copy: true, Interruptible.Options);

    /// <summary>Dense in C order, without a copy where it is so already.</summary>
    [Operation("ascontiguousarray(x: tensor, *, copy: bool = None)",
        Documentation = "The tensor dense in C order: itself where it is so already, else a copy. copy=True always copies, copy=False never.")]
    public static object? AsContiguous(OperationArguments arguments) =>
        TensorCopy.ToContiguous(arguments.Tensor(0), Order.C, arguments.OptionalBoolean(1), Interruptible.Options);

    /// <summary>Dense in Fortran order, without a copy where it is so already.</summary>
    [Operation("asfortranarray(x: tensor, *, copy: bool = None)",
        Documentation = "The tensor dense in Fortran order: itself where it is so already, else a copy. copy=True always copies, copy=False never.")]
    public static object? AsFortran(OperationArguments arguments) =>
        TensorCopy.ToContiguous(arguments.Tensor(0), Order.F, arguments.OptionalBoolean(1), Interruptible.Options);

    /// <summary>Another element type.</summary>
    [Operation("astype(x: tensor, dtype: dtype, order: str = 'K', casting: str = 'unsafe', copy: bool = True)",
        Documentation = "The tensor with another element type, in memory of its own. copy=False gives the tensor itself where the type is right already.")]
    public static object? AsType(OperationArguments arguments) => TensorCopy.Cast(
        arguments.Tensor(0),
        arguments.DType(1),
        CastingRules.Parse(arguments.String(3)),
        OrderOf(arguments.String(2)),
        arguments.Boolean(4),
        Interruptible.Options);

    /// <summary>Copies into existing memory.</summary>
    [Operation("copyto(dst: tensor, src: tensor, casting: str = 'same_kind')",
        Documentation = "Copies src into dst, broadcasting and converting as NumPy's copyto does.")]
    public static object? CopyTo(OperationArguments arguments)
    {
        TensorCopy.Copy(arguments.Tensor(1), arguments.Tensor(0), Interruptible.Options with { Casting = CastingRules.Parse(arguments.String(2)) });
        return null;
    }

    /// <summary>What a copy would do.</summary>
    [Operation("explain(src: tensor, dst: tensor, casting: str = 'same_kind')",
        Documentation = "What copyto(dst, src) would do, in words: conversion, threads, axes, kernel, expected speed.")]
    public static object? Explain(OperationArguments arguments) =>
        TensorCopy.Explain(arguments.Tensor(0), arguments.Tensor(1), CopyOptions.Default with { Casting = CastingRules.Parse(arguments.String(2)) });

    /// <summary>The elements' bytes.</summary>
    [Operation("tobytes(x: tensor, order: str = 'C')", Documentation = "The bytes of all elements in the given order, in the tensor's own byte order.")]
    public static unsafe object? ToBytes(OperationArguments arguments)
    {
        using TensorHandle dense = TensorCopy.ToContiguous(arguments.Tensor(0), OrderOf(arguments.String(1)), copy: null, Interruptible.Options);
        return new ReadOnlySpan<byte>((void*)dense.Data, checked((int)dense.Descriptor.ByteLength)).ToArray();
    }

    private static Order OrderOf(string text) => text switch
    {
        "C" => Order.C,
        "F" => Order.F,
        "K" or "A" => Order.K,
        _ => throw new TensorFormatException($"order is '{text}'; write 'C', 'F' or 'K'"),
    };
}
