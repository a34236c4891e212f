using System.Diagnostics;

namespace TensorBridge;

/// <summary>A shape and its byte strides, without memory behind it.</summary>
/// <remarks>
/// <code>
/// address(i0, …, in) = data + Σ ik · ByteStrides[k]
///
///            low = Σ min(0, (n-1)·s)             data (element 0)            high = Σ max(0, (n-1)·s) + itemSize
///   memory … |------------ Extent ---------------|----------------------------------| …
/// </code>
/// Strides may be negative, zero, smaller than an element or no multiple of it. The stride of an axis of length
/// 1 means nothing and takes part in no test. Immutable; compared by value.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Layout : IEquatable<Layout>
{
    /// <summary>The largest rank: it covers every peer.</summary>
    public const int MaxRank = LayoutMath.MaxRank;

    private readonly long[] _shape;
    private readonly long[] _strides;

    /// <summary>Creates a layout.</summary>
    /// <param name="shape">Lengths of the axes, each 0 or more; at most <see cref="MaxRank"/> axes.</param>
    /// <param name="byteStrides">Bytes between neighbours along each axis, signed; as many as the shape has entries.</param>
    /// <param name="itemSize">Bytes of one element, 0 or more.</param>
    /// <exception cref="TensorFormatException">A length is negative, the counts differ, or the rank is above <see cref="MaxRank"/>.</exception>
    /// <exception cref="OverflowException">The element count or the extent exceeds 64 bits.</exception>
    public Layout(ReadOnlySpan<long> shape, ReadOnlySpan<long> byteStrides, int itemSize)
        : this(shape.ToArray(), byteStrides.ToArray(), itemSize, owned: true)
    {
    }

    private Layout(long[] shape, long[] strides, int itemSize, bool owned)
    {
        Debug.Assert(owned, "the arrays must not be reachable from outside");
        CheckRank(shape.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(itemSize);
        if (strides.Length != shape.Length)
            throw new TensorFormatException($"strides {TensorText.Tuple(strides)} have {strides.Length} entries, shape {TensorText.Tuple(shape)} has {shape.Length}; give one byte stride per axis, or none for C order");
        _shape = shape;
        _strides = strides;
        ItemSize = itemSize;
        ElementCount = LayoutMath.ElementCount(shape);
        Extent = ElementCount == 0 ? (0, 0) : LayoutMath.Extent(shape, strides, itemSize);
        TensorRules.CheckPayload(shape, ElementCount, itemSize);
        IsCContiguous = LayoutMath.IsCContiguous(shape, strides, itemSize);
        IsFContiguous = LayoutMath.IsFContiguous(shape, strides, itemSize);
    }

    /// <summary>The number of axes; 0 for a single element.</summary>
    public int Rank => _shape.Length;

    /// <summary>Lengths of the axes.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Bytes between neighbours along each axis, signed.</summary>
    public ReadOnlySpan<long> ByteStrides => _strides;

    /// <summary>Bytes of one element.</summary>
    public int ItemSize { get; }

    /// <summary>The number of elements: 1 for rank 0, 0 when any axis has length 0.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of all elements together, without gaps.</summary>
    public long PayloadBytes => ElementCount * ItemSize;

    /// <summary>The touched bytes relative to element 0, <c>[Low, High)</c>; (0, 0) without elements.</summary>
    public (long Low, long High) Extent { get; }

    /// <summary>Dense in C order by the relaxed rule.</summary>
    public bool IsCContiguous { get; }

    /// <summary>Dense in Fortran order by the relaxed rule.</summary>
    public bool IsFContiguous { get; }

    /// <summary>
    /// True when no two elements share a byte, so that writing is well defined. Strange strides that a bounded
    /// search cannot settle count as shared.
    /// </summary>
    public bool IsUnique => IsCContiguous || IsFContiguous || MemoryOverlap.IsUnique(_shape, _strides, ItemSize);

    /// <summary>A dense layout.</summary>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="itemSize">Bytes of one element.</param>
    /// <param name="order"><see cref="Order.C"/> or <see cref="Order.F"/>; K has no meaning without a source.</param>
    /// <exception cref="TensorFormatException">A length is negative or the rank is above <see cref="MaxRank"/>.</exception>
    /// <exception cref="OverflowException">The size exceeds 63 bits.</exception>
    public static Layout Contiguous(ReadOnlySpan<long> shape, int itemSize, Order order = Order.C)
    {
        CheckRank(shape.Length);
        LayoutMath.ElementCount(shape);
        var strides = new long[shape.Length];
        switch (order)
        {
            case Order.C:
                LayoutMath.FillCStrides(shape, itemSize, strides);
                break;
            case Order.F:
                LayoutMath.FillFStrides(shape, itemSize, strides);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order, "a layout without a source is C or F");
        }

        return new Layout(shape.ToArray(), strides, itemSize, owned: true);
    }

    /// <summary>
    /// A dense layout of the same shape. For <see cref="Order.K"/> the axes keep their order in memory (by falling
    /// absolute stride), as NumPy's <c>order='K'</c>.
    /// </summary>
    public Layout ToContiguous(Order order) => order == Order.K ? KeepOrder() : Contiguous(_shape, ItemSize, order);

    /// <summary>True when the layout is dense in the given order; for <see cref="Order.K"/>, in any axis order without gaps.</summary>
    public bool IsContiguous(Order order) => order switch
    {
        Order.C => IsCContiguous,
        Order.F => IsFContiguous,
        _ => IsCContiguous || IsFContiguous || KeepOrder().Equals(this),
    };

    /// <summary>Bytes from element 0 to the element at <paramref name="index"/>; negative entries count from the end.</summary>
    /// <exception cref="IndexOutOfRangeException">An index lies outside its axis.</exception>
    /// <exception cref="ArgumentException">The number of indices is not the rank.</exception>
    public long OffsetOf(params ReadOnlySpan<long> index)
    {
        if (index.Length != Rank)
            throw new ArgumentException($"{index.Length} indices for {Rank} axes", nameof(index));
        long offset = 0;
        for (int axis = 0; axis < index.Length; axis++)
            offset += NormalizeIndex(index[axis], axis) * _strides[axis];
        return offset;
    }

    /// <inheritdoc/>
    public bool Equals(Layout? other)
    {
        if (other is null || ItemSize != other.ItemSize || !_shape.AsSpan().SequenceEqual(other._shape))
            return false;
        if (ElementCount == 0)
            return true;
        for (int axis = 0; axis < _strides.Length; axis++)
        {
            if (_shape[axis] > 1 && _strides[axis] != other._strides[axis])
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Layout);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(ItemSize);
        foreach (long length in _shape)
            hash.Add(length);
        return hash.ToHashCode();
    }

    /// <summary>The shape, and the byte strides where they are not those of dense C order.</summary>
    public override string ToString() => IsCContiguous
        ? TensorText.Tuple(_shape)
        : $"{TensorText.Tuple(_shape)}, strides {TensorText.Tuple(_strides)}";

    internal long NormalizeIndex(long index, int axis)
    {
        long length = _shape[axis];
        long normalized = index < 0 ? index + length : index;
        return normalized >= 0 && normalized < length
            ? normalized
            : throw new IndexOutOfRangeException($"index {index} is out of bounds for axis {axis} with size {length}");
    }

    private static void CheckRank(int rank)
    {
        if (rank > MaxRank)
            throw new TensorFormatException($"rank {rank} is above {MaxRank}; merge axes first");
    }

    private Layout KeepOrder()
    {
        // A stable sort by falling stride; axes that are never stepped have no place of their own and go last.
        int[] axes = [.. Enumerable.Range(0, Rank).OrderByDescending(axis => _shape[axis] > 1 ? Int128.Abs(_strides[axis]) : 0)];
        var strides = new long[Rank];
        long stride = ItemSize;
        for (int position = Rank - 1; position >= 0; position--)
        {
            strides[axes[position]] = stride;
            stride *= Math.Max(1, _shape[axes[position]]);
        }

        return new Layout([.. _shape], strides, ItemSize, owned: true);
    }
}
