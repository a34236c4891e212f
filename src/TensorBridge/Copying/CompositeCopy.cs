using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace TensorBridge.Copying;

/// <summary>Conversions that take several passes: records field by field, dates and durations of other units.</summary>
internal static unsafe class CompositeCopy
{
    public static void Run(TensorDescriptor source, TensorDescriptor destination, ReadOnlySpan<long> strides, CopyOptions options)
    {
        // The source as the destination sees it: same rank, broadcast axes with stride 0.
        var seen = source.With(layout: new Layout(destination.Shape, strides, source.DType.ItemSize));
        if (source.DType.IsRecord)
            Fields(seen, destination, options with { Casting = CastingRule.Unsafe });
        else
            Ticks(seen, destination, options);
    }

    /// <summary>Fields pair up in order of declaration, as in NumPy. Bytes between fields are not touched.</summary>
    private static void Fields(TensorDescriptor source, TensorDescriptor destination, CopyOptions options)
    {
        for (int i = 0; i < source.DType.Fields.Length; i++)
            HostCopy.Run(Select(source, source.DType.Fields[i]), Select(destination, destination.DType.Fields[i]), options);
    }

    /// <summary>One field of every record; the axes of a sub-array field come last.</summary>
    internal static TensorDescriptor Select(TensorDescriptor record, RecordField field)
    {
        int rank = record.Layout.Rank + field.Shape.Length;
        Span<long> shape = stackalloc long[rank];
        Span<long> strides = stackalloc long[rank];
        record.Shape.CopyTo(shape);
        record.Layout.ByteStrides.CopyTo(strides);
        long stride = field.Type.ItemSize;
        for (int axis = field.Shape.Length - 1; axis >= 0; axis--)
        {
            shape[record.Layout.Rank + axis] = field.Shape[axis];
            strides[record.Layout.Rank + axis] = stride;
            stride *= field.Shape[axis];
        }
        return record.With(record.Data + (nuint)field.Offset, field.Type, new Layout(shape, strides, field.Type.ItemSize));
    }

    /// <summary>The ticks are moved first, in the destination's byte order, and converted where they are.</summary>
    private static void Ticks(TensorDescriptor source, TensorDescriptor destination, CopyOptions options)
    {
        var conversion = new DateTimeConversion(source.DType, destination.DType);
        CopyOp op = source.DType.IsNativeOrder == destination.DType.IsNativeOrder ? CopyOp.Copy(8) : CopyOp.ByteSwap(8, 8);
        HostCopy.Execute(op, (byte*)source.Data, destination, source.Layout.ByteStrides, options);
        Convert(conversion, (byte*)destination.Data, destination, 0, !destination.DType.IsNativeOrder);
    }

    private static void Convert(DateTimeConversion conversion, byte* at, TensorDescriptor tensor, int axis, bool swap)
    {
        if (axis == tensor.Layout.Rank)
        {
            long ticks = Unsafe.ReadUnaligned<long>(at);
            ticks = conversion.Convert(swap ? BinaryPrimitives.ReverseEndianness(ticks) : ticks);
            Unsafe.WriteUnaligned(at, swap ? BinaryPrimitives.ReverseEndianness(ticks) : ticks);
            return;
        }
        long stride = tensor.Layout.ByteStrides[axis];
        for (long i = 0; i < tensor.Shape[axis]; i++)
            Convert(conversion, at + (i * stride), tensor, axis + 1, swap);
    }
}
