using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace TensorBridge.Cli.Inspection;

/// <summary>One element as text: numbers in their shortest form, dates in ISO 8601, text and bytes quoted, records in parentheses.</summary>
internal static class ElementText
{
    private const int MaxBytes = 32;

    /// <summary>Formats an element that lies in <paramref name="item"/>, in the byte order of its type.</summary>
    public static string Format(DType type, ReadOnlySpan<byte> item)
    {
        if (type.IsRecord)
            return FormatRecord(type, item);
        Span<byte> native = item.Length <= 256 ? stackalloc byte[item.Length] : new byte[item.Length];
        item.CopyTo(native);
        if (type.ByteOrder == ByteOrder.Big)
            Swap(native, type.SwapUnit);
        return type.Kind switch
        {
            ElementKind.Boolean => native[0] != 0 ? "True" : "False",
            ElementKind.SignedInteger => Signed(native).ToString(CultureInfo.InvariantCulture),
            ElementKind.UnsignedInteger => Unsigned(native).ToString(CultureInfo.InvariantCulture),
            ElementKind.Float => Number(native),
            ElementKind.BrainFloat => Number(BitConverter.Int32BitsToSingle(MemoryMarshal.Read<short>(native) << 16)),
            ElementKind.Complex => $"({Number(native[..(native.Length / 2)])}{Imaginary(native[(native.Length / 2)..])}j)",
            ElementKind.DateTime => TickText.Date(MemoryMarshal.Read<long>(native), type.Unit),
            ElementKind.TimeDelta => TickText.Span(MemoryMarshal.Read<long>(native), type.Unit),
            ElementKind.Bytes => "b" + Quote(Encoding.Latin1.GetString(native).TrimEnd('\0')),
            ElementKind.Text => Quote(Encoding.UTF32.GetString(native).TrimEnd('\0')),
            _ => Hexadecimal(native),
        };
    }

    private static string FormatRecord(DType type, ReadOnlySpan<byte> item)
    {
        var text = new StringBuilder("(");
        foreach (RecordField field in type.Fields)
        {
            if (text.Length > 1)
                text.Append(", ");
            ReadOnlySpan<byte> bytes = item.Slice(field.Offset, field.Size);
            text.Append(field.Shape.IsEmpty ? Format(field.Type, bytes) : FormatItems(field.Type, bytes));
        }

        return text.Append(')').ToString();
    }

    private static string FormatItems(DType type, ReadOnlySpan<byte> bytes)
    {
        const int Most = 6;
        int count = type.ItemSize == 0 ? 0 : bytes.Length / type.ItemSize;
        var items = new List<string>();
        for (int i = 0; i < Math.Min(count, Most); i++)
            items.Add(Format(type, bytes.Slice(i * type.ItemSize, type.ItemSize)));
        return $"[{string.Join(", ", items)}{(count > Most ? ", …" : string.Empty)}]";
    }

    private static void Swap(Span<byte> bytes, int unit)
    {
        for (int i = 0; unit > 1 && i + unit <= bytes.Length; i += unit)
            bytes.Slice(i, unit).Reverse();
    }

    private static long Signed(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => (sbyte)bytes[0],
        2 => MemoryMarshal.Read<short>(bytes),
        4 => MemoryMarshal.Read<int>(bytes),
        _ => MemoryMarshal.Read<long>(bytes),
    };

    private static ulong Unsigned(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => bytes[0],
        2 => MemoryMarshal.Read<ushort>(bytes),
        4 => MemoryMarshal.Read<uint>(bytes),
        _ => MemoryMarshal.Read<ulong>(bytes),
    };

    // Each width has its own shortest form: 0.1f is not 0.10000000149011612.
    private static string Number(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        2 => Number(MemoryMarshal.Read<Half>(bytes)),
        4 => Number(MemoryMarshal.Read<float>(bytes)),
        _ => Number(MemoryMarshal.Read<double>(bytes)),
    };

    private static string Number<T>(T value)
        where T : IFloatingPoint<T>
    {
        if (T.IsNaN(value))
            return "nan";
        if (T.IsInfinity(value))
            return T.IsNegative(value) ? "-inf" : "inf";
        return value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
    }

    private static string Imaginary(ReadOnlySpan<byte> bytes)
    {
        string text = Number(bytes);
        return text.StartsWith('-') ? text : "+" + text;
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text)
            quoted.Append(c is '\'' or '\\' ? $"\\{c}" : char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString());
        return quoted.Append('\'').ToString();
    }

    private static string Hexadecimal(ReadOnlySpan<byte> bytes) =>
        $"0x{Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, MaxBytes)])}{(bytes.Length > MaxBytes ? "…" : string.Empty)}";
}
