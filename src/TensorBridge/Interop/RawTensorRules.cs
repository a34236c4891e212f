namespace TensorBridge.Interop;

/// <summary>The rules of <see cref="TensorDescriptor"/> and <see cref="Layout"/> over a raw tensor, without allocation.</summary>
internal static class RawTensorRules
{
    /// <summary>Checks shape, strides, extent and pointer, and sets item size, type number and contiguity.</summary>
    /// <param name="tensor">Data, device, rank, shape, strides and the read-only mark are set.</param>
    /// <param name="type">The element type.</param>
    /// <param name="extent">The bytes touched relative to element 0; (0, 0) without elements.</param>
    /// <returns>The number of elements.</returns>
    /// <exception cref="TensorFormatException">A length is negative, or the pointer is NULL although there are elements.</exception>
    /// <exception cref="OverflowException">The extent or the size exceeds 64 bits.</exception>
    public static long Complete(ref RawTensor tensor, DType type, out (long Low, long High) extent)
    {
        Span<long> shape = tensor.ShapeSpan;
        Span<long> strides = tensor.StrideSpan;
        long itemSize = type.ItemSize;
        long count = LayoutMath.ElementCount(shape);
        extent = count == 0 ? (0, 0) : LayoutMath.Extent(shape, strides, itemSize);
        TensorRules.CheckPayload(shape, count, itemSize);
        TensorRules.CheckMemory(tensor.Data, (DeviceType)tensor.DeviceType, shape, count, itemSize, extent);
        tensor.ItemSize = itemSize;
        tensor.HandleOffset = 0;
        if (LayoutMath.IsCContiguous(shape, strides, itemSize))
            tensor.Flags |= RawTensorFlags.CContiguous;
        if (LayoutMath.IsFContiguous(shape, strides, itemSize))
            tensor.Flags |= RawTensorFlags.FContiguous;
        return count;
    }
}
