using TensorBridge.Copying;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Copies that a user asks for. They run without the GIL and stop on Ctrl-C.</summary>
internal static class CopyOperations
{
    /// <summary>A dense copy.</summary>
    [Operation("copy(x: tensor, order: str = 'C', *, progress: object = None)", Documentation = """
        A copy in host memory of its own, dense in the order 'C', 'F' or 'K' (as the axes lie).

        x: a tensor or any array in host memory, with any strides. Element type and byte order are kept.
        progress: called with the bytes written and the bytes in all, after slices of some megabytes and at the end; an
        exception from it stops the copy.

        Raises ValueError for an unknown order, RuntimeError for memory that the host cannot reach.
        """)]
    public static object? Copy(OperationArguments arguments)
    {
        var progress = new ProgressCallback(arguments.Object(2));
        return progress.Finish(TensorCopy.ToContiguous(arguments.Tensor(0), OrderOf(arguments.String(1)), copy: true, progress.Options));
    }

    /// <summary>Dense in C order, without a copy where it is so already.</summary>
    [Operation("ascontiguousarray(x: tensor, *, copy: bool = None, progress: object = None)", Documentation = """
        The tensor dense in C order: over the same memory where it is so already, else a copy.

        x: a tensor or any array in host memory, with any strides. Rank, element type and byte order are kept.
        copy: None copies if needed, True always, False never (ValueError where a copy would be needed).
        progress: as for copyto().

        Raises RuntimeError for memory that the host cannot reach.
        """)]
    public static object? AsContiguous(OperationArguments arguments) => ToContiguous(arguments, Order.C);

    /// <summary>Dense in Fortran order, without a copy where it is so already.</summary>
    [Operation("asfortranarray(x: tensor, *, copy: bool = None, progress: object = None)", Documentation = """
        The tensor dense in Fortran order: over the same memory where it is so already, else a copy.

        Arguments and errors as for ascontiguousarray().
        """)]
    public static object? AsFortran(OperationArguments arguments) => ToContiguous(arguments, Order.F);

    /// <summary>Another element type.</summary>
    [Operation("astype(x: tensor, dtype: dtype, order: str = 'K', casting: str = 'unsafe', copy: bool = True, *, progress: object = None)", Documentation = """
        The tensor with another element type, in memory of its own.

        x: a tensor or any array in host memory. dtype: the element type wanted, byte order included.
        order: 'C', 'F', or 'K' for the order of the axes of x. casting: which conversions are allowed, by NumPy's names
        'no', 'equiv', 'safe', 'same_kind' and 'unsafe'; values wrap and round as NumPy's do.
        copy: False gives a tensor over the same memory where type and order are right already. progress: as for copyto().

        Raises TypeError where the rule forbids the conversion or there is none, ValueError for an unknown order or rule.
        """)]
    public static object? AsType(OperationArguments arguments)
    {
        var progress = new ProgressCallback(arguments.Object(5));
        CastingRule casting = CastingRules.Parse(arguments.String(3));
        Order order = OrderOf(arguments.String(2));
        return progress.Finish(TensorCopy.Cast(arguments.Tensor(0), arguments.DType(1), casting, order, arguments.Boolean(4), progress.Options));
    }

    /// <summary>Copies into existing memory.</summary>
    [Operation("copyto(dst: tensor, src: source, casting: str = 'same_kind', *, progress: object = None)", Documentation = """
        Copies src into dst, broadcasting and converting as NumPy's copyto does.

        dst: a tensor or any writable array in host memory, with any strides. src: one whose shape broadcasts to that of dst,
        or a number, a str, or nested lists of them. casting: which conversions are allowed, by NumPy's names; a lone number counts as
        one of dst's own type where that is of its kind or wider, as in NumPy 2. progress: called with the bytes written and the bytes in
        all, after slices of some megabytes and at the end; an exception from it, or Ctrl-C, stops the copy and leaves dst written in part.
        Memory that overlaps is copied as if it did not. Nothing is written when the arguments do not fit.

        Raises ValueError where shapes do not fit or dst is read-only or overlaps itself, TypeError where the rule forbids
        the conversion, OverflowError for an int that the type cannot hold, RuntimeError for memory that the host cannot reach.
        """, KeepsGilWhenSmall = true)]
    public static unsafe void CopyTo(ReadOnlySpan<RawValue> values, RawValue* result)
    {
        bool isOrdinary = values[0].Kind == RawValueKind.Tensor && values[1].Kind == RawValueKind.Tensor && values[2].Kind == RawValueKind.String && values[3].Kind == RawValueKind.None
            && values[2].TextSpan.SequenceEqual("same_kind"u8);
        if (isOrdinary && SmallCopy.TryRun(in *values[1].Tensor, in *values[0].Tensor))
            *result = default;
        else
            Operation.Invoke(CopyTo, values, result);
    }

    private static object? CopyTo(OperationArguments arguments)
    {
        var progress = new ProgressCallback(arguments.Object(3));
        TensorHandle destination = arguments.Tensor(0);
        using TensorHandle source = SourceValue.Of(arguments[1], destination.DType);
        TensorCopy.Copy(source, destination, progress.Options with { Casting = CastingRules.Parse(arguments.String(2)) });
        progress.Finish(destination);
        return null;
    }

    /// <summary>What a copy would do.</summary>
    [Operation("explain(src: tensor, dst: tensor, casting: str = 'same_kind')", Documentation = """
        What copyto(dst, src) would do, in words: conversion, threads, axes, kernel, expected speed. Nothing is copied.

        Note the order of the arguments: from, to. Raises as copyto() does.
        """)]
    public static object? Explain(OperationArguments arguments) =>
        TensorCopy.Explain(arguments.Tensor(0), arguments.Tensor(1), CopyOptions.Default with { Casting = CastingRules.Parse(arguments.String(2)) });

    /// <summary>The elements' bytes.</summary>
    [Operation("_tobytes(x: tensor, order: str = 'C')")]
    public static unsafe object? ToBytes(OperationArguments arguments)
    {
        using TensorHandle dense = TensorCopy.ToContiguous(HostMemory.Of(arguments.Tensor(0)), OrderOf(arguments.String(1)), copy: null, Interruptible.Options);
        return new ReadOnlySpan<byte>((void*)dense.Data, checked((int)dense.Descriptor.ByteLength)).ToArray();
    }

    /// <summary>Reads the name of an order.</summary>
    /// <exception cref="TensorFormatException">It is none.</exception>
    internal static Order OrderOf(string text) => text switch
    {
        "C" => Order.C,
        "F" => Order.F,
        "K" or "A" => Order.K,
        _ => throw new TensorFormatException($"order is '{text}'; write 'C', 'F' or 'K'"),
    };

    private static TensorHandle ToContiguous(OperationArguments arguments, Order order)
    {
        var progress = new ProgressCallback(arguments.Object(2));
        return progress.Finish(TensorCopy.ToContiguous(arguments.Tensor(0), order, arguments.OptionalBoolean(1), progress.Options));
    }
}
