using TensorBridge.Interop;

namespace TensorBridge.Protocols;

/// <summary>Reads and writes the fields of <c>__array_struct__</c>, for the kinds where that is safe.</summary>
/// <remarks>
/// The struct loses the unit of dates, NumPy reads the size of text as characters (an overread), and NumPy clears
/// all flags of records: these kinds are refused on import and have no export, so that importers take the dictionary.
/// </remarks>
internal static unsafe class ArrayStruct
{
    /// <summary>Validates a struct.</summary>
    /// <param name="raw">The fields as the exporter filled them.</param>
    /// <param name="tensor">Takes the result; its shape and strides have room for the struct's rank.</param>
    /// <exception cref="TensorFormatException">A field is impossible, or fields disagree.</exception>
    /// <exception cref="TensorUnsupportedException">The kind is not safe in this struct.</exception>
    /// <exception cref="OverflowException">The extent exceeds 64 bits.</exception>
    public static void Read(in RawArrayStruct raw, ref RawTensor tensor)
    {
        if (raw.Two != 2)
            throw new TensorFormatException($"__array_struct__ starts with {raw.Two}, not 2: the capsule holds something else");
        if ((uint)raw.Rank > LayoutMath.MaxRank)
            throw new TensorFormatException($"__array_struct__ has nd {raw.Rank}; ranks are 0 to {LayoutMath.MaxRank}");
        DType type = TypeOf(in raw);
        if (raw.Rank > 0 && raw.Shape is null)
            throw new TensorFormatException($"__array_struct__ has a NULL shape for nd {raw.Rank}");
        if (raw.Rank > 0 && raw.Strides is null && (raw.Flags & RawArrayStructFlags.CContiguous) == 0)
            throw new TensorFormatException($"__array_struct__ has NULL strides for nd {raw.Rank} and does not claim to be C-contiguous");
        tensor.Rank = raw.Rank;
        new ReadOnlySpan<long>(raw.Shape, raw.Rank).CopyTo(tensor.ShapeSpan);
        if (raw.Strides is null)
            LayoutMath.FillCStrides(tensor.ShapeSpan, type.ItemSize, tensor.StrideSpan);
        else
            new ReadOnlySpan<long>(raw.Strides, raw.Rank).CopyTo(tensor.StrideSpan);
        tensor.Data = raw.Data;
        tensor.DeviceType = (int)DeviceType.Cpu;
        tensor.DeviceId = 0;
        tensor.Stream = 0;
        tensor.Flags = (raw.Flags & RawArrayStructFlags.Writeable) != 0 ? 0 : RawTensorFlags.ReadOnly;
        RawTensorRules.Complete(ref tensor, type, out _);
        tensor.DTypeId = DTypeTable.IdOf(type);
    }

    /// <summary>The kind character under which a type may be exported; 0 where the struct can't say it safely.</summary>
    public static char KindOf(DType type) => type.Kind switch
    {
        ElementKind.Boolean => 'b',
        ElementKind.SignedInteger => 'i',
        ElementKind.UnsignedInteger => 'u',
        ElementKind.Float => 'f',
        ElementKind.Complex when type.ItemSize >= 8 => 'c',
        ElementKind.Bytes => 'S',
        _ => '\0',
    };

    /// <summary>The flags under which a tensor is exported.</summary>
    public static RawArrayStructFlags FlagsOf(TensorDescriptor descriptor) =>
        (descriptor.Layout.IsCContiguous ? RawArrayStructFlags.CContiguous : 0)
        | (descriptor.Layout.IsFContiguous ? RawArrayStructFlags.FContiguous : 0)
        | (IsAligned(descriptor) ? RawArrayStructFlags.Aligned : 0)
        | (descriptor.DType.IsNativeOrder ? RawArrayStructFlags.NotSwapped : 0)
        | (descriptor.IsReadOnly ? 0 : RawArrayStructFlags.Writeable);

    private static bool IsAligned(TensorDescriptor descriptor)
    {
        int unit = descriptor.DType.SwapUnit;
        if (unit <= 1)
            return true;
        bool aligned = descriptor.Data % (nuint)unit == 0;
        for (int axis = 0; axis < descriptor.Layout.Rank; axis++)
            aligned &= descriptor.Shape[axis] <= 1 || descriptor.Layout.ByteStrides[axis] % unit == 0;
        return aligned;
    }

    private static DType TypeOf(in RawArrayStruct raw)
    {
        bool swapped = (raw.Flags & RawArrayStructFlags.NotSwapped) == 0;
        DType? type = ((char)raw.TypeKind, raw.ItemSize) switch
        {
            ('b', 1) => DType.Boolean,
            ('i', 1) => DType.Int8,
            ('i', 2) => DType.Int16,
            ('i', 4) => DType.Int32,
            ('i', 8) => DType.Int64,
            ('u', 1) => DType.UInt8,
            ('u', 2) => DType.UInt16,
            ('u', 4) => DType.UInt32,
            ('u', 8) => DType.UInt64,
            ('f', 2) => DType.Float16,
            ('f', 4) => DType.Float32,
            ('f', 8) => DType.Float64,
            ('c', 8) => DType.Complex64,
            ('c', 16) => DType.Complex128,
            ('S', >= 0 and <= DType.MaxItemSize) => DType.Bytes(raw.ItemSize),
            _ => null,
        };
        if (type is not null)
            return swapped ? type.WithByteOrder(ByteOrder.Big) : type;
        string found = $"__array_struct__ has kind '{(raw.TypeKind is >= 0x20 and < 0x7F ? (char)raw.TypeKind : '?')}' with items of {raw.ItemSize} bytes";
        throw (char)raw.TypeKind is 'M' or 'm' or 'U' or 'V' or 'O' or 't' || ((char)raw.TypeKind, raw.ItemSize) is ('f', 12 or 16) or ('c', 24 or 32)
            ? new TensorUnsupportedException($"{found}, which this struct cannot carry safely; export __array_interface__")
            : new TensorFormatException($"{found}; accepted are b1 i1-i8 u1-u8 f2-f8 c8 c16 and S", isWrongType: true);
    }
}
