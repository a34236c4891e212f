using TensorBridge.Copying;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Copies that a user asks for. They run without the GIL and stop on Ctrl-C.</summary>
internal static class CopyOperations
{
    /// <summary>A dense copy.</summary>
    [Operation("copy(x: tensor, order: str = 'C', *, progress: object = None, stream: stream = None)", Documentation = """
        A copy in memory of its own on the same device, dense in the order 'C', 'F' or 'K' (as the axes lie).

        x: a tensor or any array in host or CUDA memory, with any strides. Element type and byte order are kept.
        progress: called with the bytes written and the bytes in all, after slices of some megabytes and at the end; an
        exception from it stops the copy. On a device it is called once, when the copy is enqueued.
        stream: the CUDA stream to copy on, an int or an object of CuPy, PyTorch or Numba; by default the one that x names, else
        the legacy default stream. The call returns without waiting, and the result names the stream.

        Raises ValueError for an unknown order or a stream for host memory, RuntimeError for memory of another kind of device.
        """)]
    public static object? Copy(OperationArguments arguments)
    {
        var progress = new ProgressCallback(arguments.Object(2));
        TensorHandle source = arguments.Tensor(0);
        Order order = OrderOf(arguments.String(1));
        long? stream = arguments.OptionalInteger(3);
        return progress.Finish(DeviceWork.IsNeeded(stream, source)
            ? DeviceCopies.ToContiguous(source, order, copy: true, stream)
            : TensorCopy.ToContiguous(source, order, copy: true, progress.Options));
    }

    /// <summary>Dense in C order, without a copy where it is so already.</summary>
    [Operation("ascontiguousarray(x: tensor, *, copy: bool = None, progress: object = None, stream: stream = None)", Documentation = """
        The tensor dense in C order: over the same memory where it is so already, else a copy on the same device.

        x: a tensor or any array in host or CUDA memory, with any strides. Rank, element type and byte order are kept.
        copy: None copies if needed, True always, False never (ValueError where a copy would be needed).
        progress, stream: as for copy(). The call does not wait for a device.

        Raises ValueError for a stream for host memory, RuntimeError for memory of another kind of device.
        """)]
    public static object? AsContiguous(OperationArguments arguments) => ToContiguous(arguments, Order.C);

    /// <summary>Dense in Fortran order, without a copy where it is so already.</summary>
    [Operation("asfortranarray(x: tensor, *, copy: bool = None, progress: object = None, stream: stream = None)", Documentation = """
        The tensor dense in Fortran order: over the same memory where it is so already, else a copy on the same device.

        Arguments and errors as for ascontiguousarray().
        """)]
    public static object? AsFortran(OperationArguments arguments) => ToContiguous(arguments, Order.F);

    /// <summary>Another element type.</summary>
    [Operation("astype(x: tensor, dtype: dtype, order: str = 'K', casting: str = 'unsafe', copy: bool = True, *, progress: object = None, stream: stream = None)", Documentation = """
        The tensor with another element type, in memory of its own on the same device.

        x: a tensor or any array in host or CUDA memory. dtype: the element type wanted, byte order included.
        order: 'C', 'F', or 'K' for the order of the axes of x. casting: which conversions are allowed, by NumPy's names
        'no', 'equiv', 'safe', 'same_kind' and 'unsafe'; values wrap and round as NumPy's do.
        copy: False gives a tensor over the same memory where type and order are right already.
        progress, stream: as for copy(). The call does not wait for a device.

        Raises TypeError where the rule forbids the conversion or there is none (a device has none for records and for units of
        time: take to_host() first), ValueError for an unknown order or rule.
        """)]
    public static object? AsType(OperationArguments arguments)
    {
        var progress = new ProgressCallback(arguments.Object(5));
        CastingRule casting = CastingRules.Parse(arguments.String(3));
        Order order = OrderOf(arguments.String(2));
        TensorHandle source = arguments.Tensor(0);
        long? stream = arguments.OptionalInteger(6);
        if (!DeviceWork.IsNeeded(stream, source))
            return progress.Finish(TensorCopy.Cast(source, arguments.DType(1), casting, order, arguments.Boolean(4), progress.Options));
        bool isSame = source.DType.Equals(arguments.DType(1));
        if (!arguments.Boolean(4) && isSame && source.Layout.IsContiguous(order))
            return progress.Finish(source);
        return progress.Finish(isSame
            ? DeviceCopies.ToContiguous(source, order, copy: true, stream)
            : DeviceCopies.Cast(source, arguments.DType(1), casting, order, stream));
    }

    /// <summary>Copies into existing memory.</summary>
    [Operation("copyto(dst: tensor, src: source, casting: str = 'same_kind', *, progress: object = None, stream: stream = None)", Documentation = """
        Copies src into dst, broadcasting and converting as NumPy's copyto does; either may be on a CUDA device.

        dst: a tensor or any writable array in host or CUDA memory, with any strides. src: one whose shape broadcasts to that of dst,
        or a number, a str, or nested lists of them. casting: which conversions are allowed, by NumPy's names; a lone number counts as
        one of dst's own type where that is of its kind or wider, as in NumPy 2. progress: called with the bytes written and the bytes in
        all, after slices of some megabytes and at the end; an exception from it, or Ctrl-C, stops the copy and leaves dst written in part.
        stream: the CUDA stream to copy on, an int or an object of CuPy, PyTorch or Numba; by default the one that dst names, else that of
        src, else the legacy default stream. A copy on a device, or between two, returns without waiting, and streams that the
        arrays name are ordered with it. A copy from or to host memory, managed memory included, waits until it is done.
        Memory that overlaps is copied as if it did not. Nothing is written when the arguments do not fit.

        Raises ValueError where shapes do not fit or dst is read-only or overlaps itself, or for a stream where all is in host
        memory, TypeError where the rule forbids the conversion, OverflowError for an int that the type cannot hold, RuntimeError for
        memory of another kind of device.
        """, KeepsGilWhenSmall = true)]
    public static unsafe void CopyTo(ReadOnlySpan<RawValue> values, RawValue* result)
    {
        bool isOrdinary = values[0].Kind == RawValueKind.Tensor && values[1].Kind == RawValueKind.Tensor && values[2].Kind == RawValueKind.String && values[3].Kind == RawValueKind.None
            && values[4].Kind == RawValueKind.None && values[2].TextSpan.SequenceEqual("same_kind"u8);
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
        CastingRule casting = CastingRules.Parse(arguments.String(2));
        long? stream = arguments.OptionalInteger(4);
        if (DeviceWork.IsNeeded(stream, destination, source))
            DeviceCopies.Copy(source, destination, casting, stream);
        else
            TensorCopy.Copy(source, destination, progress.Options with { Casting = casting });
        progress.Finish(destination);
        return null;
    }

    /// <summary>One value everywhere.</summary>
    [Operation("fill(dst: tensor, value: any, *, stream: stream = None)", Documentation = """
        Stores value in every element of dst, as dst[...] = value does.

        dst: a tensor or any writable array in host or CUDA memory. value: a Python value, nested lists, or an array that broadcasts
        to dst. stream: as for copyto(). A device is not waited for, except where value is in host memory and is no single element.

        Raises ValueError where shapes do not fit or dst is read-only, TypeError for a value that is none of the element type,
        OverflowError for an int that it cannot hold.
        """)]
    public static object? Fill(OperationArguments arguments)
    {
        TensorHandle destination = arguments.Tensor(0);
        long? stream = arguments.OptionalInteger(2);
        if (DeviceAssignment.IsNeeded(stream, destination, arguments[1]))
            DeviceAssignment.Run(destination, arguments[1], stream);
        else
            Assignment.Run(destination, arguments[1]);
        return null;
    }

    /// <summary>Device memory in host memory.</summary>
    [Operation("to_host(x: tensor, order: str = 'K', *, stream: stream = None)", Documentation = """
        The tensor in host memory: x itself where it is there already, else a dense copy, which is waited for.

        x: a tensor or any array in host or CUDA memory, with any strides. order: that of the copy, 'C', 'F' or 'K' (as the axes lie).
        stream: the CUDA stream to copy on; by default the one that x names, else the legacy default stream.

        Raises RuntimeError for memory of another kind of device.
        """)]
    public static object? ToHost(OperationArguments arguments)
    {
        TensorHandle source = arguments.Tensor(0);
        long? stream = arguments.OptionalInteger(2);
        Order order = OrderOf(arguments.String(1));
        return DeviceWork.IsNeeded(stream, source) ? DeviceCopies.ToHost(source, order, stream) : source;
    }

    /// <summary>A tensor on another device.</summary>
    [Operation("to_device(x: tensor, device: str, *, stream: stream = None)", Documentation = """
        The tensor in memory of a device: x itself where it is there already, else a dense copy whose axes lie as those of x.

        x: a tensor or any array in host or CUDA memory, with any strides. device: 'cpu', 'cuda' or 'cuda:1', 'cuda_host' (page-locked host
        memory) or 'cuda_managed'. stream: the stream of the new memory's device to copy on; by default the legacy default
        stream, for 'cpu' the one that x names. The result names it.
        A copy between devices returns without waiting; one from or to host memory, page-locked and managed memory included, waits
        until it is done.

        Raises ValueError for an unknown device, RuntimeError for one that is not there.
        """)]
    public static object? ToDevice(OperationArguments arguments)
    {
        TensorHandle source = arguments.Tensor(0);
        var device = Device.Parse(arguments.String(1));
        long? stream = arguments.OptionalInteger(2);
        if (DeviceLocation.Of(source) == device)
            return source;
        return device.Type == DeviceType.Cpu && !DeviceWork.IsNeeded(stream, source)
            ? TensorCopy.ToContiguous(source, Order.K, copy: true, Interruptible.Options)
            : DeviceCopies.ToDevice(source, device, stream);
    }

    /// <summary>What a copy would do.</summary>
    [Operation("explain(src: tensor, dst: tensor, casting: str = 'same_kind')", Documentation = """
        What copyto(dst, src) would do, in words: conversion, threads, axes, kernel, expected speed; on a device its kernels.
        Nothing is copied.

        Note the order of the arguments: from, to. Raises as copyto() does.
        """)]
    public static object? Explain(OperationArguments arguments)
    {
        TensorHandle source = arguments.Tensor(0);
        TensorHandle destination = arguments.Tensor(1);
        return DeviceWork.IsNeeded(null, source, destination)
            ? DeviceCopies.Explain(source, destination)
            : TensorCopy.Explain(source, destination, CopyOptions.Default with { Casting = CastingRules.Parse(arguments.String(2)) });
    }

    /// <summary>The elements' bytes.</summary>
    [Operation("_tobytes(x: tensor, order: str = 'C')")]
    public static unsafe object? ToBytes(OperationArguments arguments)
    {
        TensorHandle tensor = arguments.Tensor(0);
        Order order = OrderOf(arguments.String(1));
        using TensorHandle dense = HostMemory.Holds(tensor)
            ? TensorCopy.ToContiguous(tensor, order, copy: null, Interruptible.Options)
            : DeviceCopies.ToHost(tensor, order, stream: null);
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
        TensorHandle source = arguments.Tensor(0);
        bool? copy = arguments.OptionalBoolean(1);
        long? stream = arguments.OptionalInteger(3);
        if (!DeviceWork.IsNeeded(stream, source))
            return progress.Finish(TensorCopy.ToContiguous(source, order, copy, progress.Options));
        return progress.Finish(copy != true && source.Layout.IsContiguous(order)
            ? source
            : DeviceCopies.ToContiguous(source, order, copy, stream));
    }
}
