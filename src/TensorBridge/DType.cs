using System.Collections.Immutable;

namespace TensorBridge;

/// <summary>The type of one element: kind, size, byte order, and unit or fields where the kind has them.</summary>
/// <remarks>
/// Immutable and compared by value. The well-known types (<see cref="Float32"/> and so on) are little-endian;
/// <see cref="WithByteOrder"/> gives the swapped ones. The source of the rules is NumPy's array interface
/// (typestr), the DLPack type codes and PEP 3118.
/// </remarks>
public sealed partial class DType : IEquatable<DType>
{
    /// <summary>The largest item size in bytes that a type may have; it bounds what foreign input can ask for.</summary>
    public const int MaxItemSize = 1 << 30;

    private readonly int _hashCode;

    private DType(
        ElementKind kind,
        int itemSize,
        ByteOrder byteOrder = ByteOrder.NotApplicable,
        DateTimeUnit unit = default,
        ImmutableArray<RecordField> fields = default,
        int bits = 0,
        bool isPacked = false)
    {
        Kind = kind;
        ItemSize = itemSize;
        ByteOrder = byteOrder;
        Unit = unit.IsGeneric ? DateTimeUnit.Generic : unit;
        Fields = fields.IsDefault ? [] : fields;
        Bits = bits == 0 ? itemSize * 8L : bits;
        IsPacked = isPacked;
        _hashCode = ComputeHashCode();
    }

    /// <summary>The number in <see cref="Interop.DTypeTable"/>, or -1 while it has none.</summary>
    internal int TableId { get; set; } = -1;

    /// <summary>What the bits mean.</summary>
    public ElementKind Kind { get; }

    /// <summary>Bytes of one element. 1 for sub-byte types, whose elements share bytes when <see cref="IsPacked"/>.</summary>
    public int ItemSize { get; }

    /// <summary>Bits of one element: <c>8 * ItemSize</c>, except for the 4- and 6-bit floats.</summary>
    public long Bits { get; }

    /// <summary>The order of the bytes inside one component.</summary>
    public ByteOrder ByteOrder { get; }

    /// <summary>The unit of a date or time span; the generic unit for every other kind.</summary>
    public DateTimeUnit Unit { get; }

    /// <summary>The fields of a record by offset of declaration; empty for every other kind.</summary>
    public ImmutableArray<RecordField> Fields { get; }

    /// <summary>
    /// True for a sub-byte type whose elements lie side by side without gaps, least significant bits first, as
    /// DLPack packs them. Such tensors are dense and are only carried, never computed on.
    /// </summary>
    public bool IsPacked { get; }

    /// <summary>True for a record with named fields.</summary>
    public bool IsRecord => Kind == ElementKind.Record;

    /// <summary>True when every component can be read by this machine as it lies in memory.</summary>
    public bool IsNativeOrder => IsRecord ? AllFieldsNative() : ByteOrder != ByteOrder.Big;

    /// <summary>True for Boolean, integers, floats of 2 to 8 bytes, bfloat16 and complex numbers: what casts accept.</summary>
    public bool IsNumeric => Kind <= ElementKind.Complex;

    /// <summary>
    /// Bytes of the unit in which a byte swap works: half the item of a complex number, 4 for text, the item
    /// of every other ordered kind, 1 where the order does not matter. Records swap field by field and answer 1.
    /// </summary>
    public int SwapUnit => Kind switch
    {
        ElementKind.Complex => ItemSize / 2,
        ElementKind.Text => 4,
        ElementKind.SignedInteger or ElementKind.UnsignedInteger or ElementKind.Float or ElementKind.BrainFloat
            or ElementKind.DateTime or ElementKind.TimeDelta => ItemSize,
        _ => 1,
    };

    /// <summary>The same type in another byte order; the type itself where the order does not matter.</summary>
    /// <remarks>Records change the order of every field.</remarks>
    public DType WithByteOrder(ByteOrder order)
    {
        if (order == ByteOrder.NotApplicable || ByteOrder == order)
            return this;
        if (IsRecord)
            return Record(ItemSize, [.. Fields.Select(f => new RecordField(f.Name, f.Type.WithByteOrder(order), f.Offset, f.Shape, f.Title))]);
        return ByteOrder == ByteOrder.NotApplicable ? this : new DType(Kind, ItemSize, order, Unit);
    }

    /// <summary>Finds a field by name, or by title where no name matches.</summary>
    /// <exception cref="TensorLayoutException">The type has no such field; the message lists those it has.</exception>
    public RecordField Field(string name)
    {
        foreach (RecordField field in Fields)
        {
            if (field.Name == name)
                return field;
        }

        foreach (RecordField field in Fields)
        {
            if (field.Title == name)
                return field;
        }

        string known = IsRecord ? "its fields are " + string.Join(", ", Fields.Select(f => $"'{f.Name}'")) : "it is not a record";
        throw new TensorLayoutException($"{this} has no field '{name}': {known}");
    }

    /// <inheritdoc/>
    public bool Equals(DType? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || _hashCode != other._hashCode)
            return false;
        return Kind == other.Kind && ItemSize == other.ItemSize && ByteOrder == other.ByteOrder
            && Bits == other.Bits && IsPacked == other.IsPacked && Unit == other.Unit
            && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DType);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <summary>True when both have the same kind, size, byte order, unit and fields.</summary>
    public static bool operator ==(DType? left, DType? right) => left is null ? right is null : left.Equals(right);

    /// <summary>True when any part differs.</summary>
    public static bool operator !=(DType? left, DType? right) => !(left == right);

    private int ComputeHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Kind);
        hash.Add(ItemSize);
        hash.Add(ByteOrder);
        hash.Add(Bits);
        hash.Add(IsPacked);
        hash.Add(Unit);
        foreach (RecordField field in Fields)
            hash.Add(field);
        return hash.ToHashCode();
    }

    private bool AllFieldsNative()
    {
        foreach (RecordField field in Fields)
        {
            if (!field.Type.IsNativeOrder)
                return false;
        }

        return true;
    }
}
