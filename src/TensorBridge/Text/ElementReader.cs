using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TensorBridge;

/// <summary>Reads one element as a .NET object.</summary>
internal static class ElementReader
{
    /// <summary>Reads an element of any type but packed ones.</summary>
    /// <param name="item">Exactly the bytes of the element, in its own byte order.</param>
    /// <param name="type">Its type.</param>
    /// <returns>
    /// <see cref="bool"/>; <see cref="long"/> for signed integers and ticks; <see cref="ulong"/>; <see cref="Half"/>, <see cref="float"/>, <see cref="double"/>;
    /// <see cref="Complex"/>; <see cref="string"/> for text; <c>byte[]</c> for bytes (without trailing zeros), opaque items and 8-bit floats; an array of
    /// objects for the fields of a record and the items of a sub-array.
    /// </returns>
    public static object? Read(ReadOnlySpan<byte> item, DType type)
    {
        if (type.IsRecord)
            return ReadFields(item, type.Fields.AsSpan());
        bool big = type.ByteOrder == ByteOrder.Big;
        return type.Kind switch
        {
            ElementKind.Boolean => item[0] != 0,
            ElementKind.SignedInteger or ElementKind.DateTime or ElementKind.TimeDelta => ReadSigned(item, big),
            ElementKind.UnsignedInteger => ReadUnsigned(item, big),
            ElementKind.Float => ReadFloat(item, big),
            ElementKind.BrainFloat => BitConverter.UInt32BitsToSingle((uint)ReadUnsigned(item, big) << 16),
            ElementKind.Complex => new Complex(ToDouble(ReadFloat(item[..(item.Length / 2)], big)), ToDouble(ReadFloat(item[(item.Length / 2)..], big))),
            ElementKind.Bytes => item.TrimEnd((byte)0).ToArray(),
            ElementKind.Text => ReadText(item, big),
            _ => item.ToArray(),
        };
    }

    /// <summary>A float of any width as a double.</summary>
    public static double ToDouble(object value) => value switch
    {
        Half half => (double)half,
        float single => single,
        _ => (double)value,
    };

    private static object?[] ReadFields(ReadOnlySpan<byte> item, ReadOnlySpan<RecordField> fields)
    {
        object?[] values = new object?[fields.Length];
        for (int i = 0; i < fields.Length; i++)
            values[i] = ReadSubArray(item.Slice(fields[i].Offset, fields[i].Size), fields[i].Type, fields[i].Shape.AsSpan());
        return values;
    }

    private static object? ReadSubArray(ReadOnlySpan<byte> bytes, DType type, ReadOnlySpan<int> shape)
    {
        if (shape.IsEmpty)
            return Read(bytes, type);
        object?[] values = new object?[shape[0]];
        int pitch = shape[0] == 0 ? 0 : bytes.Length / shape[0];
        for (int i = 0; i < values.Length; i++)
            values[i] = ReadSubArray(bytes.Slice(i * pitch, pitch), type, shape[1..]);
        return values;
    }

    private static long ReadSigned(ReadOnlySpan<byte> item, bool big) => item.Length switch
    {
        1 => (sbyte)item[0],
        2 => big ? BinaryPrimitives.ReadInt16BigEndian(item) : BinaryPrimitives.ReadInt16LittleEndian(item),
        4 => big ? BinaryPrimitives.ReadInt32BigEndian(item) : BinaryPrimitives.ReadInt32LittleEndian(item),
        _ => big ? BinaryPrimitives.ReadInt64BigEndian(item) : BinaryPrimitives.ReadInt64LittleEndian(item),
    };

    private static ulong ReadUnsigned(ReadOnlySpan<byte> item, bool big) => item.Length switch
    {
        1 => item[0],
        2 => big ? BinaryPrimitives.ReadUInt16BigEndian(item) : BinaryPrimitives.ReadUInt16LittleEndian(item),
        4 => big ? BinaryPrimitives.ReadUInt32BigEndian(item) : BinaryPrimitives.ReadUInt32LittleEndian(item),
        _ => big ? BinaryPrimitives.ReadUInt64BigEndian(item) : BinaryPrimitives.ReadUInt64LittleEndian(item),
    };

    private static object ReadFloat(ReadOnlySpan<byte> item, bool big) => item.Length switch
    {
        2 => big ? BinaryPrimitives.ReadHalfBigEndian(item) : BinaryPrimitives.ReadHalfLittleEndian(item),
        4 => big ? BinaryPrimitives.ReadSingleBigEndian(item) : BinaryPrimitives.ReadSingleLittleEndian(item),
        _ => big ? BinaryPrimitives.ReadDoubleBigEndian(item) : BinaryPrimitives.ReadDoubleLittleEndian(item),
    };

    // Code points that are none become U+FFFD: the text comes from foreign memory.
    private static string ReadText(ReadOnlySpan<byte> item, bool big)
    {
        var text = new StringBuilder(item.Length / 4);
        int end = 0;
        for (int i = 0; i < item.Length; i += 4)
        {
            uint code = (uint)ReadUnsigned(item.Slice(i, 4), big);
            text.Append(Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD");
            if (code != 0)
                end = text.Length;
        }

        return text.ToString(0, end);
    }
}
