namespace TensorBridge;

// Views: other descriptions of the same memory. Each holds a count of its own on the producer; nothing is copied.
public sealed partial class TensorHandle
{
    /// <summary>Part of the tensor by NumPy's basic indexing: positions, slices, ellipsis, new axes, field names.</summary>
    /// <exception cref="IndexOutOfRangeException">A position lies outside its axis, or there are more parts than axes.</exception>
    /// <exception cref="TensorLayoutException">A field is unknown, or the elements are packed.</exception>
    public TensorHandle this[params ReadOnlySpan<TensorIndex> index] => View(Select(index));

    /// <summary>A field of a record in every element, as a strided view; a sub-array field adds its axes at the end.</summary>
    /// <exception cref="TensorLayoutException">The type has no such field.</exception>
    public TensorHandle this[string field] => View(SelectField(Descriptor, field));

    /// <summary>The transpose: all axes in reverse order.</summary>
    public TensorHandle T => Transpose();

    /// <summary>The axes in another order.</summary>
    /// <inheritdoc cref="Layout.Transpose"/>
    public TensorHandle Transpose(params ReadOnlySpan<int> axes) => ViewOf(Layout.Transpose(axes));

    /// <summary>Another shape over the same elements, without a copy.</summary>
    /// <inheritdoc cref="Layout.Reshape"/>
    public TensorHandle Reshape(params ReadOnlySpan<long> shape) => ViewOf(Layout.Reshape(shape));

    /// <summary>The elements repeated along new or stretched axes; read-only, since the repeats share memory.</summary>
    /// <inheritdoc cref="Layout.BroadcastTo"/>
    public TensorHandle BroadcastTo(params ReadOnlySpan<long> shape) => View(Descriptor.With(layout: Layout.BroadcastTo(shape), isReadOnly: true));

    /// <summary>The tensor without axes of length 1.</summary>
    /// <inheritdoc cref="Layout.Squeeze"/>
    public TensorHandle Squeeze(params ReadOnlySpan<int> axes) => ViewOf(Layout.Squeeze(axes));

    /// <summary>The same bytes as elements of another type.</summary>
    /// <param name="type">
    /// Of the same size any layout will do. Of another size the last axis must be dense and is divided anew; a tensor
    /// without axes cannot change its size.
    /// </param>
    /// <exception cref="TensorLayoutException">The sizes do not divide, or the last axis is not dense.</exception>
    public TensorHandle Reinterpret(DType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        TensorDescriptor descriptor = Descriptor;
        Layout layout = descriptor.Layout;
        if (type.IsPacked != descriptor.DType.IsPacked)
            throw new TensorLayoutException($"{descriptor} cannot be seen as {type}: packed elements share bytes");
        if (type.ItemSize == layout.ItemSize)
            return View(descriptor.With(type: type));
        long[] shape = layout.Shape.ToArray();
        long[] strides = layout.ByteStrides.ToArray();
        if (shape.Length == 0 || (shape[^1] > 1 && strides[^1] != layout.ItemSize))
            throw new TensorLayoutException($"{descriptor} cannot be seen as {type} of {type.ItemSize} bytes: the last axis must be dense; call ToContiguous() first");
        Int128 bytes = (Int128)shape[^1] * layout.ItemSize;
        if (type.ItemSize == 0 || bytes % type.ItemSize != 0)
            throw new TensorLayoutException($"{descriptor} cannot be seen as {type}: {bytes} bytes along the last axis are no multiple of {type.ItemSize}");
        shape[^1] = checked((long)(bytes / type.ItemSize));
        strides[^1] = type.ItemSize;
        return View(descriptor.With(type: type, layout: new Layout(shape, strides, type.ItemSize)));
    }

    private TensorHandle ViewOf(Layout layout) => View(Descriptor.With(layout: layout));

    private TensorDescriptor Select(ReadOnlySpan<TensorIndex> index)
    {
        TensorDescriptor descriptor = Descriptor;
        var parts = new List<TensorIndex>(index.Length);
        foreach (TensorIndex part in index)
        {
            if (part.Kind != TensorIndexKind.Field)
                parts.Add(part);
        }

        if (parts.Count > 0)
        {
            if (descriptor.DType.IsPacked)
                throw new TensorLayoutException($"{descriptor} has packed elements, which have no address of their own and cannot be sliced");
            var slicer = new LayoutSlicer(descriptor.Layout);
            Layout layout = slicer.Apply(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(parts));
            descriptor = descriptor.With(data: Move(descriptor.Data, slicer.Offset), layout: layout);
        }

        foreach (TensorIndex part in index)
        {
            if (part.Kind == TensorIndexKind.Field)
                descriptor = SelectField(descriptor, part.Name!);
        }

        return descriptor;
    }

    private static TensorDescriptor SelectField(TensorDescriptor descriptor, string name)
    {
        RecordField field = descriptor.DType.Field(name);
        Layout layout = descriptor.Layout;
        long[] inner = [.. field.Shape.Select(length => (long)length)];
        var strides = new long[inner.Length];
        LayoutMath.FillCStrides(inner, field.Type.ItemSize, strides);
        var selected = new Layout([.. layout.Shape, .. inner], [.. layout.ByteStrides, .. strides], field.Type.ItemSize);
        return descriptor.With(data: Move(descriptor.Data, layout.ElementCount == 0 ? 0 : field.Offset), type: field.Type, layout: selected);
    }

    private static nuint Move(nuint data, long offset) => unchecked((nuint)((long)data + offset));
}
