using System.Collections.Immutable;

namespace TensorBridge;

public sealed partial class DType
{
    /// <summary>One byte, true or false.</summary>
    public static DType Boolean { get; } = new(ElementKind.Boolean, 1);

    /// <summary>8-bit signed integer.</summary>
    public static DType Int8 { get; } = new(ElementKind.SignedInteger, 1);

    /// <summary>16-bit signed integer.</summary>
    public static DType Int16 { get; } = new(ElementKind.SignedInteger, 2, ByteOrder.Little);

    /// <summary>32-bit signed integer.</summary>
    public static DType Int32 { get; } = new(ElementKind.SignedInteger, 4, ByteOrder.Little);

    /// <summary>64-bit signed integer.</summary>
    public static DType Int64 { get; } = new(ElementKind.SignedInteger, 8, ByteOrder.Little);

    /// <summary>8-bit unsigned integer.</summary>
    public static DType UInt8 { get; } = new(ElementKind.UnsignedInteger, 1);

    /// <summary>16-bit unsigned integer.</summary>
    public static DType UInt16 { get; } = new(ElementKind.UnsignedInteger, 2, ByteOrder.Little);

    /// <summary>32-bit unsigned integer.</summary>
    public static DType UInt32 { get; } = new(ElementKind.UnsignedInteger, 4, ByteOrder.Little);

    /// <summary>64-bit unsigned integer.</summary>
    public static DType UInt64 { get; } = new(ElementKind.UnsignedInteger, 8, ByteOrder.Little);

    /// <summary>IEEE binary16.</summary>
    public static DType Float16 { get; } = new(ElementKind.Float, 2, ByteOrder.Little);

    /// <summary>IEEE binary32.</summary>
    public static DType Float32 { get; } = new(ElementKind.Float, 4, ByteOrder.Little);

    /// <summary>IEEE binary64.</summary>
    public static DType Float64 { get; } = new(ElementKind.Float, 8, ByteOrder.Little);

    /// <summary>bfloat16.</summary>
    public static DType BFloat16 { get; } = new(ElementKind.BrainFloat, 2, ByteOrder.Little);

    /// <summary>Complex number of two binary16.</summary>
    public static DType Complex32 { get; } = new(ElementKind.Complex, 4, ByteOrder.Little);

    /// <summary>Complex number of two binary32.</summary>
    public static DType Complex64 { get; } = new(ElementKind.Complex, 8, ByteOrder.Little);

    /// <summary>Complex number of two binary64.</summary>
    public static DType Complex128 { get; } = new(ElementKind.Complex, 16, ByteOrder.Little);

    /// <summary>A point in time in 64-bit ticks of <paramref name="unit"/>.</summary>
    public static DType DateTime64(DateTimeUnit unit) => new(ElementKind.DateTime, 8, ByteOrder.Little, unit);

    /// <summary>A span of time in 64-bit ticks of <paramref name="unit"/>.</summary>
    public static DType TimeDelta64(DateTimeUnit unit) => new(ElementKind.TimeDelta, 8, ByteOrder.Little, unit);

    /// <summary>Byte strings of <paramref name="length"/> bytes, zero padded (typestr <c>|Sn</c>).</summary>
    public static DType Bytes(int length) => new(ElementKind.Bytes, CheckItemSize(length));

    /// <summary>Text of <paramref name="length"/> UCS-4 characters, zero padded (typestr <c>&lt;Un</c>, 4n bytes).</summary>
    public static DType Text(int length) => new(ElementKind.Text, CheckItemSize(4L * length), ByteOrder.Little);

    /// <summary>Items of <paramref name="size"/> bytes without a meaning (typestr <c>|Vn</c>).</summary>
    public static DType Opaque(int size) => new(ElementKind.Opaque, CheckItemSize(size));

    /// <summary>A record of <paramref name="itemSize"/> bytes with the given fields.</summary>
    /// <exception cref="TensorFormatException">A field leaves the record, or two fields share a name.</exception>
    public static DType Record(int itemSize, ImmutableArray<RecordField> fields)
    {
        CheckItemSize(itemSize);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (RecordField field in fields)
        {
            if ((long)field.Offset + field.Size > itemSize)
                throw new TensorFormatException($"record field '{field.Name}' covers bytes {field.Offset} to {(long)field.Offset + field.Size} of a record of {itemSize} bytes");
            if (field.Type.IsPacked)
                throw new TensorFormatException($"record field '{field.Name}' has the packed type {field.Type}, which has no address of its own");
            if (!names.Add(field.Name) || (field.Title is { } title && title != field.Name && !names.Add(title)))
                throw new TensorFormatException($"two record fields share the name or title '{field.Name}'");
        }

        return new DType(ElementKind.Record, itemSize, fields: fields);
    }

    /// <summary>One of the 8-, 6- and 4-bit floats of DLPack, which TensorBridge carries but does not compute on.</summary>
    /// <param name="kind">A kind from <see cref="ElementKind.Float8E3M4"/> on.</param>
    /// <param name="packed">For 6- and 4-bit floats: elements share bytes. Ignored for 8-bit floats.</param>
    public static DType SmallFloat(ElementKind kind, bool packed = true) => kind switch
    {
        >= ElementKind.Float8E3M4 and <= ElementKind.Float8E8M0FNU => new DType(kind, 1),
        ElementKind.Float6E2M3FN or ElementKind.Float6E3M2FN => new DType(kind, 1, bits: 6, isPacked: packed),
        ElementKind.Float4E2M1FN => new DType(kind, 1, bits: 4, isPacked: packed),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an 8-, 6- or 4-bit float"),
    };

    private static int CheckItemSize(long size) => size is >= 0 and <= MaxItemSize
        ? (int)size
        : throw new TensorFormatException($"item size {size} is outside 0 to {MaxItemSize} bytes");
}
