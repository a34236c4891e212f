using TensorBridge.Interop;

namespace TensorBridge.Protocols;

/// <summary>The rules of the array interface and the CUDA array interface, applied to values whose types are right.</summary>
internal static class InterfaceRules
{
    /// <summary>Checks the values and fills a raw tensor, all but its type number.</summary>
    /// <param name="fields">The values; shape and strides lie in the tensor's own room.</param>
    /// <param name="kind">Which interface it is.</param>
    /// <param name="wholeBuffer">A missing shape means one axis over the whole buffer.</param>
    /// <param name="tensor">Takes the result.</param>
    /// <returns>The element type.</returns>
    /// <exception cref="TensorFormatException">A key is missing, or values are impossible or disagree.</exception>
    /// <exception cref="TensorUnsupportedException">The description is right but not supported.</exception>
    /// <exception cref="OverflowException">The extent exceeds 64 bits.</exception>
    public static DType Apply(scoped ref InterfaceFields fields, ArrayInterfaceKind kind, bool wholeBuffer, ref RawTensor tensor)
    {
        if (fields.Type is null)
            throw new TensorFormatException("'typestr' is missing; it must be a string such as '<f4'");
        DType type = fields.Description is null ? fields.Type : RecordDescription.Apply(fields.Type, fields.Description, fields.ListsAllowed);
        CheckData(ref fields, kind);
        if (!fields.HasShape)
            MakeWholeBufferShape(ref fields, type, wholeBuffer);
        tensor.Rank = fields.Rank;
        if (!fields.HasStrides)
            LayoutMath.FillCStrides(tensor.ShapeSpan, type.ItemSize, tensor.StrideSpan);
        else if (fields.StrideCount != fields.Rank)
            throw new TensorFormatException($"'strides' {TensorText.Tuple(fields.Strides[..fields.StrideCount])} has {fields.StrideCount} entries, 'shape' {TensorText.Tuple(tensor.ShapeSpan)} has {fields.Rank}; give one byte stride per axis, or None for C order");
        tensor.Data = unchecked((nuint)(fields.Address + (ulong)fields.Offset));
        tensor.DeviceType = (int)(kind == ArrayInterfaceKind.Cuda ? DeviceType.Cuda : DeviceType.Cpu);
        tensor.DeviceId = 0;
        tensor.Stream = fields.Stream;
        tensor.Flags = fields.IsReadOnly ? RawTensorFlags.ReadOnly : 0;
        long count = RawTensorRules.Complete(ref tensor, type, out (long Low, long High) extent);
        if (fields.Data == InterfaceData.Buffer)
            CheckBufferBounds(in fields, count, extent);
        return type;
    }

    private static void CheckData(ref InterfaceFields fields, ArrayInterfaceKind kind)
    {
        if (fields.Data == InterfaceData.Absent)
            throw new TensorFormatException($"'data' is missing; it must be the tuple (pointer, readonly){(kind == ArrayInterfaceKind.Host ? " or an object with a buffer" : string.Empty)}");
        if (fields.Data == InterfaceData.None)
        {
            throw kind == ArrayInterfaceKind.Cuda
                ? new TensorFormatException("'data' is None; it must be the tuple (pointer, readonly)", isWrongType: true)
                : new TensorFormatException("'data' is None, which stands for the buffer of the exporting object, and no such buffer is known; pass the object itself, or give (pointer, readonly)");
        }

        if (fields.HasStream && fields.Stream == 0)
            throw new TensorFormatException("'stream' is 0, which is ambiguous and forbidden; give 1 (legacy default stream), 2 (per-thread default stream), a stream handle, or None");
        if (fields.Data != InterfaceData.Buffer)
        {
            fields.Offset = 0;
            return;
        }

        if (fields.Offset < 0 || fields.Offset > fields.BufferLength)
            throw new TensorFormatException($"'offset' is {fields.Offset}, outside the buffer of {fields.BufferLength} bytes");
        if (fields.Address > ulong.MaxValue - (ulong)fields.BufferLength)
            throw new OverflowException($"the buffer of 'data' at 0x{fields.Address:x} with {fields.BufferLength} bytes leaves the 64-bit address space");
    }

    private static void MakeWholeBufferShape(ref InterfaceFields fields, DType type, bool wholeBuffer)
    {
        if (!wholeBuffer || fields.Data != InterfaceData.Buffer)
            throw new TensorFormatException("'shape' is missing; it must be a tuple of integers, such as (3, 4)");
        if (fields.HasStrides)
            throw new TensorFormatException("strides were given without a shape; give both, or neither for one axis over the whole buffer");
        long bytes = fields.BufferLength - fields.Offset;
        if (type.ItemSize == 0 || bytes % type.ItemSize != 0)
            throw new TensorFormatException($"{bytes} bytes from offset {fields.Offset} of the buffer are no multiple of the {type.ItemSize} bytes of one {type}; give a shape");
        fields.Rank = 1;
        fields.Shape[0] = bytes / type.ItemSize;
    }

    private static void CheckBufferBounds(scoped in InterfaceFields fields, long count, (long Low, long High) extent)
    {
        if (count > 0 && ((Int128)fields.Offset + extent.Low < 0 || (Int128)fields.Offset + extent.High > fields.BufferLength))
            throw new TensorFormatException($"the elements cover bytes {(Int128)fields.Offset + extent.Low} to {(Int128)fields.Offset + extent.High} of a buffer of {fields.BufferLength} bytes; check 'shape', 'strides', 'typestr' and 'offset'");
    }
}
