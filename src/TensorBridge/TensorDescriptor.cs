namespace TensorBridge;

/// <summary>What a stretch of memory is: address, element type, layout, device, read-only mark. A value; it owns nothing.</summary>
/// <remarks>Built only through a validating constructor: whoever holds one need not ask where it came from.</remarks>
public sealed class TensorDescriptor : IEquatable<TensorDescriptor>
{
    /// <summary>Creates a descriptor.</summary>
    /// <param name="data">Address of element 0, also with negative strides. Not looked at when there are no elements.</param>
    /// <param name="type">The element type.</param>
    /// <param name="layout">Shape and byte strides; its item size must be the type's.</param>
    /// <param name="device">Where the memory lives.</param>
    /// <param name="isReadOnly">True when writing is forbidden.</param>
    /// <param name="stream">
    /// The stream on which the producer's work is pending, as the CUDA array interface names it: null for none,
    /// 1 the legacy default stream, 2 the per-thread default stream, else a handle. 0 is an error.
    /// </param>
    /// <exception cref="TensorFormatException">The pointer is NULL although there are elements, sizes disagree, or the stream is 0.</exception>
    /// <exception cref="OverflowException">The extent leaves the address space.</exception>
    public TensorDescriptor(nuint data, DType type, Layout layout, Device device, bool isReadOnly = false, nint? stream = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(layout);
        if (layout.ItemSize != type.ItemSize)
            throw new TensorFormatException($"the layout has items of {layout.ItemSize} bytes, {type} has {type.ItemSize}");
        if (stream == 0)
            throw new TensorFormatException("stream 0 is ambiguous and forbidden by the CUDA array interface; give 1 (legacy default), 2 (per-thread default), a handle, or none");
        if (type.IsPacked && !layout.IsCContiguous)
            throw new TensorUnsupportedException($"{type} packs elements into shared bytes, so only dense C order has a meaning, got strides {TensorText.Tuple(layout.ByteStrides)}");
        TensorRules.CheckMemory(data, device.Type, layout.Shape, layout.ElementCount, layout.ItemSize, layout.Extent);

        Data = data;
        DType = type;
        Layout = layout;
        Device = device;
        IsReadOnly = isReadOnly;
        Stream = stream;
    }

    /// <summary>Address of element 0. Means nothing when there are no elements.</summary>
    public nuint Data { get; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>Shape and byte strides.</summary>
    public Layout Layout { get; }

    /// <summary>Where the memory lives.</summary>
    public Device Device { get; }

    /// <summary>True when writing is forbidden.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The producer's stream (1 legacy, 2 per-thread, else a handle), or null when no work is pending.</summary>
    public nint? Stream { get; }

    /// <summary>Lengths of the axes.</summary>
    public ReadOnlySpan<long> Shape => Layout.Shape;

    /// <summary>Bytes of all elements together; packed sub-byte elements rounded up to a whole byte at the end.</summary>
    public long ByteLength => DType.IsPacked ? (long)(((Int128)Layout.ElementCount * DType.Bits + 7) / 8) : Layout.PayloadBytes;

    /// <summary>The same memory seen otherwise.</summary>
    internal TensorDescriptor With(nuint? data = null, DType? type = null, Layout? layout = null, bool? isReadOnly = null) =>
        new(data ?? Data, type ?? DType, layout ?? Layout, Device, isReadOnly ?? IsReadOnly, Stream);

    /// <inheritdoc/>
    public bool Equals(TensorDescriptor? other) => other is not null
        && Data == other.Data && IsReadOnly == other.IsReadOnly && Device == other.Device && Stream == other.Stream
        && DType.Equals(other.DType) && Layout.Equals(other.Layout);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorDescriptor);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Data, DType, Layout, Device, IsReadOnly, Stream);

    /// <summary>The descriptor in the form that errors use: <c>tensor[float32, (3, 4), cpu]</c>.</summary>
    public override string ToString()
    {
        string strides = Layout.IsCContiguous ? string.Empty : $", strides {TensorText.Tuple(Layout.ByteStrides)}";
        string readOnly = IsReadOnly ? ", read-only" : string.Empty;
        return $"tensor[{DType}, {TensorText.Tuple(Shape)}, {Device}{strides}{readOnly}]";
    }
}
