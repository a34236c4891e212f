using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>New tensors: in host memory from the pooled allocator, on a device in the order of a stream.</summary>
internal static class AllocationOperations
{
    /// <summary>Memory as it comes.</summary>
    [Operation("empty(shape: shape, dtype: dtype = 'float64', order: str = 'C', *, device: str = None, stream: stream = None)", Documentation = """
        A new tensor; its elements are undefined.

        shape: the lengths of the axes, a tuple of ints or one int. dtype: the element type, in any spelling. order: 'C' or 'F'.
        device: None or 'cpu' for host memory, 64-byte aligned from a pool of blocks used before; 'cuda' or 'cuda:1';
        'cuda_host' for page-locked host memory; 'cuda_managed'. stream: the CUDA stream in whose order device memory comes and
        goes, an int or an object of CuPy, PyTorch or Numba; by default the legacy default stream. The tensor names it.

        Raises ValueError for a negative length, an unknown order or device, or a stream for host memory, TypeError for an unknown
        element type, OverflowError for a size beyond 63 bits, MemoryError where the machine does not give that much,
        RuntimeError for a device that is not there or has no memory left.
        """)]
    public static object? Empty(OperationArguments arguments) => Allocate(arguments, zero: false);

    /// <summary>Cleared memory.</summary>
    [Operation("zeros(shape: shape, dtype: dtype = 'float64', order: str = 'C', *, device: str = None, stream: stream = None)", Documentation = """
        A new tensor whose bytes are all zero.

        Arguments and errors as for empty(). On a device the zeros are enqueued, and not waited for.
        """)]
    public static object? Zeros(OperationArguments arguments) => Allocate(arguments, zero: true);

    /// <summary>Memory like another's.</summary>
    [Operation("empty_like(x: tensor, dtype: dtype = None, order: str = 'K', shape: shape = None, *, device: str = None, stream: stream = None)", Documentation = """
        A new tensor with the shape and element type of x, in host memory unless a device is named; its elements are undefined.

        x: a tensor or any array, on any device. dtype and shape replace those of x. order: 'C', 'F', or 'K' for the order in
        which the axes of x lie in memory (C where shape is given). device, stream: as for empty(); a device has order C or F.

        Raises as empty() does.
        """)]
    public static object? EmptyLike(OperationArguments arguments)
    {
        TensorHandle model = arguments.Tensor(0);
        DType type = arguments.OptionalDType(1) ?? model.DType;
        Order order = CopyOperations.OrderOf(arguments.String(2));
        long[]? shape = arguments.OptionalShape(3);
        if (IsOnDevice(arguments, 4))
            return DeviceAllocation.Allocate(type, shape ?? model.Shape, Device.Parse(arguments.String(4)), arguments.OptionalInteger(5), DenseOrder(order, shape is null ? model.Layout : null));
        if (shape is null)
            return TensorAllocator.Shared.Allocate(type, TensorCopy.Rescale(model.Layout.ToContiguous(order), type.ItemSize));
        return TensorAllocator.Shared.Allocate(type, shape, order == Order.K ? Order.C : order);
    }

    /// <summary>One value everywhere.</summary>
    [Operation("full(shape: shape, fill_value: any, dtype: dtype = None, order: str = 'C', *, device: str = None, stream: stream = None)", Documentation = """
        A new tensor with fill_value in every element.

        fill_value: a Python value, or an array that broadcasts to shape. dtype: by default that of fill_value (bool, int64,
        float64, complex128, text or bytes of its length, or the array's). Other arguments and errors as for empty(); also
        OverflowError for an int that the type cannot hold.
        """)]
    public static object? Full(OperationArguments arguments)
    {
        object? value = arguments[1];
        DType type = arguments.OptionalDType(2) ?? ElementWriter.TypeOf(value);
        Order order = DenseOrderOf(arguments.String(3));
        bool isOnDevice = IsOnDevice(arguments, 4);
        TensorHandle result = isOnDevice
            ? DeviceAllocation.Allocate(type, arguments.Shape(0), Device.Parse(arguments.String(4)), arguments.OptionalInteger(5), order)
            : TensorAllocator.Shared.Allocate(type, arguments.Shape(0), order, zero: true);
        try
        {
            if (isOnDevice)
                DeviceAssignment.Run(result, value, arguments.OptionalInteger(5));
            else
                Assignment.Run(result, value);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static TensorHandle Allocate(OperationArguments arguments, bool zero)
    {
        DType type = arguments.DType(1);
        long[] shape = arguments.Shape(0);
        Order order = DenseOrderOf(arguments.String(2));
        if (!IsOnDevice(arguments, 3))
            return TensorAllocator.Shared.Allocate(type, shape, order, zero);
        var device = Device.Parse(arguments.String(3));
        long? stream = arguments.OptionalInteger(4);
        return zero
            ? DeviceAllocation.Filled(type, shape, device, stream, order, new byte[type.ItemSize])
            : DeviceAllocation.Allocate(type, shape, device, stream, order);
    }

    // The device stands at the given place, the stream behind it.
    private static bool IsOnDevice(OperationArguments arguments, int place)
    {
        if (!DeviceAllocation.IsHost(arguments.OptionalString(place)))
            return true;
        return arguments.OptionalInteger(place + 1) is { } stream
            ? throw new TensorFormatException($"stream is {stream}, and the tensor is to be in host memory, which has no streams: leave it out, or give a device")
            : false;
    }

    private static Order DenseOrder(Order order, Layout? model) =>
        order != Order.K ? order : model is { IsCContiguous: false } && model.IsContiguous(Order.F) ? Order.F : Order.C;

    private static Order DenseOrderOf(string text) => CopyOperations.OrderOf(text) is var order && order != Order.K
        ? order
        : throw new TensorFormatException($"order is '{text}'; a new tensor has order 'C' or 'F'");
}
