namespace TensorBridge.Copying;

/// <summary>Moves item by item over the caller's own shape and strides, without a plan: slow, plain, and the oracle of every test.</summary>
internal static unsafe class ReferenceEngine
{
    /// <summary>Carries out <paramref name="op"/> for every item. Strides are bytes; the source of a fill has strides of zero.</summary>
    public static void Execute(in CopyOp op, byte* source, byte* destination, ReadOnlySpan<long> shape, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> destinationStrides)
    {
        foreach (long extent in shape)
        {
            if (extent == 0)
                return;
        }
        long[] index = new long[shape.Length];
        int axis;
        do
        {
            Item(op, source, destination);
            for (axis = shape.Length - 1; axis >= 0; axis--)
            {
                source += sourceStrides[axis];
                destination += destinationStrides[axis];
                if (++index[axis] < shape[axis])
                    break;
                source -= index[axis] * sourceStrides[axis];
                destination -= index[axis] * destinationStrides[axis];
                index[axis] = 0;
            }
        }
        while (axis >= 0);
    }

    private static void Item(in CopyOp op, byte* source, byte* destination)
    {
        switch (op.Kind)
        {
            case CopyOpKind.ByteSwap:
                for (int start = 0; start < op.SourceItemSize; start += op.SwapUnit)
                    Reverse(source + start, destination + start, op.SwapUnit);
                break;
            case CopyOpKind.Cast:
                Cast(op, source, destination);
                break;
            default:
                for (int i = 0; i < op.SourceItemSize; i++)
                    destination[i] = source[i];
                break;
        }
    }

    /// <summary>Converts one element.</summary>
    public static void Cast(in CopyOp op, byte* source, byte* destination)
    {
        byte* native = stackalloc byte[16];
        Components(source, native, op.SourceItemSize, op.SwapSource ? op.SourceType.ComponentSize() : 1);
        ScalarValue value = ScalarCodec.Read(op.SourceType, native);
        ScalarCodec.Write(op.DestinationType, native, value);
        Components(native, destination, op.DestinationItemSize, op.SwapDestination ? op.DestinationType.ComponentSize() : 1);
    }

    private static void Components(byte* source, byte* destination, int size, int unit)
    {
        for (int start = 0; start < size; start += unit)
            Reverse(source + start, destination + start, unit);
    }

    private static void Reverse(byte* source, byte* destination, int unit)
    {
        for (int i = 0; i < unit; i++)
            destination[i] = source[unit - 1 - i];
    }
}
