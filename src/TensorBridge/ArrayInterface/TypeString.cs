using System.Globalization;

namespace TensorBridge.Protocols;

/// <summary>Reads and writes the <c>typestr</c> of the array interface: byte order, kind, size, unit.</summary>
/// <remarks>
/// Far stricter than NumPy, whose parser also takes <c>float64</c>, <c>2f8</c> or <c>&lt;f8,&lt;f8</c>: ASCII digits
/// only, sizes from the table of the array interface (version 3), the whole string consumed.
/// </remarks>
public static class TypeString
{
    private const string Accepted = "accepted are a byte order ('<', '>', '|' or '='), one of the kinds b i u f c m M S U V, a size in bytes "
        + "(characters for U) and, for m and M, a unit in brackets: '<f4', '|u1', '>i8', '<M8[ns]'";

    /// <summary>Reads a typestr.</summary>
    /// <exception cref="TensorFormatException">The text is not a typestr, or names a size its kind does not have.</exception>
    /// <exception cref="TensorUnsupportedException">
    /// Object pointers (<c>|O</c>), bit fields (<c>t</c>) and 80-bit long double (<c>f16</c>, <c>c32</c>) have no safe reading.
    /// </exception>
    public static DType Parse(string typestr)
    {
        ArgumentNullException.ThrowIfNull(typestr);
        return Parse(typestr.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static DType Parse(ReadOnlySpan<char> typestr)
    {
        if (typestr.Length < 2)
            throw Unknown(typestr);
        ByteOrder order = typestr[0] switch
        {
            '<' or '=' => ByteOrder.Little,
            '>' => ByteOrder.Big,
            '|' => ByteOrder.NotApplicable,
            _ => throw Unknown(typestr),
        };
        char kind = typestr[1];
        if (kind == 'O')
            throw new TensorUnsupportedException($"typestr '{typestr}' means Python object pointers, which never leave their interpreter; convert to a numeric or record type first");
        ReadOnlySpan<char> rest = typestr[2..];
        int digits = CountDigits(rest);
        if (digits == 0 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            throw Unknown(typestr);
        ReadOnlySpan<char> unit = rest[digits..];
        if (unit.Length > 0 && kind is not ('m' or 'M'))
            throw Unknown(typestr);
        return Make(kind, size, order, unit, typestr);
    }

    /// <summary>Writes a typestr; packed or nameless types go out as opaque items.</summary>
    /// <remarks>
    /// bfloat16 becomes <c>&lt;V2</c> as PyTorch and ml_dtypes write it, complex32 <c>|V4</c>, 8-bit floats <c>|V1</c>, a record <c>|Vn</c>
    /// (its fields are told by <c>descr</c>).
    /// </remarks>
    public static string Format(DType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        string order = type.ByteOrder switch { ByteOrder.Little => "<", ByteOrder.Big => ">", _ => "|" };
        string text = type.Kind switch
        {
            ElementKind.Boolean => "|b1",
            ElementKind.SignedInteger => $"{order}i{type.ItemSize}",
            ElementKind.UnsignedInteger => $"{order}u{type.ItemSize}",
            ElementKind.Float => $"{order}f{type.ItemSize}",
            ElementKind.Complex when type.ItemSize >= 8 => $"{order}c{type.ItemSize}",
            ElementKind.DateTime => $"{order}M8{type.Unit}",
            ElementKind.TimeDelta => $"{order}m8{type.Unit}",
            ElementKind.Bytes => $"|S{type.ItemSize}",
            ElementKind.Text => $"{order}U{type.ItemSize / 4}",
            ElementKind.BrainFloat => $"{order}V2",
            _ => $"|V{type.ItemSize}",
        };
        return text;
    }

    private static DType Make(char kind, int size, ByteOrder order, ReadOnlySpan<char> unit, ReadOnlySpan<char> typestr)
    {
        switch (kind)
        {
            case 'b' when size == 1:
                return DType.Boolean;
            case 'i' when size is 1 or 2 or 4 or 8:
                return Ordered(size switch { 1 => DType.Int8, 2 => DType.Int16, 4 => DType.Int32, _ => DType.Int64 }, order);
            case 'u' when size is 1 or 2 or 4 or 8:
                return Ordered(size switch { 1 => DType.UInt8, 2 => DType.UInt16, 4 => DType.UInt32, _ => DType.UInt64 }, order);
            case 'f' when size is 2 or 4 or 8:
                return Ordered(size switch { 2 => DType.Float16, 4 => DType.Float32, _ => DType.Float64 }, order);
            case 'c' when size is 8 or 16:
                return Ordered(size == 8 ? DType.Complex64 : DType.Complex128, order);
            case 'M' when size == 8:
                return Ordered(DType.DateTime64(ParseUnit(unit, typestr)), order);
            case 'm' when size == 8:
                return Ordered(DType.TimeDelta64(ParseUnit(unit, typestr)), order);
            case 'S':
                return DType.Bytes(size);
            case 'U' when size <= DType.MaxItemSize / 4:
                return Ordered(DType.Text(size), order);
            case 'V':
                return DType.Opaque(size);
            case 'f' when size is 12 or 16:
            case 'c' when size is 24 or 32:
                throw new TensorUnsupportedException($"typestr '{typestr}' is the 80-bit long double of the x87, not binary128; convert to '<f8' or '<c16' first");
            case 't':
                throw new TensorUnsupportedException($"typestr '{typestr}' is a bit field, which no array library implements");
            default:
                throw Unknown(typestr);
        }
    }

    private static DType Ordered(DType type, ByteOrder order) => order == ByteOrder.Big ? type.WithByteOrder(ByteOrder.Big) : type;

    private static DateTimeUnit ParseUnit(ReadOnlySpan<char> unit, ReadOnlySpan<char> typestr)
    {
        if (unit.IsEmpty)
            return DateTimeUnit.Generic;
        if (unit.Length < 3 || unit[0] != '[' || unit[^1] != ']')
            throw Unknown(typestr);
        ReadOnlySpan<char> body = unit[1..^1];
        int digits = CountDigits(body);
        int multiple = 1;
        if (digits > 0 && (!int.TryParse(body[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out multiple) || multiple == 0))
            throw Unknown(typestr);
        ReadOnlySpan<char> symbol = body[digits..];
        return DateTimeUnit.IsKnown(symbol)
            ? new DateTimeUnit(symbol.ToString(), multiple)
            : throw new TensorFormatException($"typestr '{typestr}' has the unit '{symbol}'; units are Y M W D h m s ms us ns ps fs as", isWrongType: true);
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
            count++;
        return count;
    }

    private static TensorFormatException Unknown(ReadOnlySpan<char> typestr) =>
        new($"typestr '{typestr}' is not known; {Accepted}", isWrongType: true);
}
