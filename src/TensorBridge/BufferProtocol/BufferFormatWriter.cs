using System.Globalization;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>Writes PEP 3118 formats: single elements with native sizes, records with standard sizes and their padding spelt out.</summary>
internal static class BufferFormatWriter
{
    /// <summary>Appends the format of a type; false where there is none.</summary>
    public static bool TryWrite(StringBuilder text, DType type)
    {
        char mark = '@';
        return TryWriteType(text, type, ref mark);
    }

    private static bool TryWriteType(StringBuilder text, DType type, ref char mark)
    {
        if (type.IsRecord)
            return TryWriteRecord(text, type, ref mark);
        string? code = CodeOf(type, type.ByteOrder == ByteOrder.Big || mark != '@');
        if (code is null)
            return false;
        if (type.Kind != ElementKind.BrainFloat)
            SetMark(text, type.ByteOrder, ref mark);
        text.Append(code);
        return true;
    }

    private static bool TryWriteRecord(StringBuilder text, DType type, ref char mark)
    {
        if (!RecordDescription.IsSequential(type))
            return false;
        text.Append("T{");

        // Inside records sizes are standard ones, so that only written padding counts: the first number sets a mark.
        if (mark == '@')
            mark = '\0';
        int end = 0;
        foreach (RecordField field in type.Fields)
        {
            if (field.Name.Contains(':', StringComparison.Ordinal))
                return false;
            WritePadding(text, field.Offset - end);
            if (!field.Shape.IsEmpty)
                text.Append('(').AppendJoin(',', field.Shape).Append(')');
            if (!TryWriteType(text, field.Type, ref mark))
                return false;

            // A repeated record that ends in padding, be it none, cannot be taken for one whose padding was left out.
            if (field.Type.IsRecord && !field.Shape.IsEmpty && text[^2] != 'x')
                text.Insert(text.Length - 1, "0x");
            text.Append(':').Append(field.Name).Append(':');
            end = field.Offset + field.Size;
        }

        WritePadding(text, type.ItemSize - end);
        text.Append('}');
        return true;
    }

    private static void WritePadding(StringBuilder text, int size)
    {
        if (size > 0)
            text.Append(CultureInfo.InvariantCulture, $"{size}x");
    }

    private static void SetMark(StringBuilder text, ByteOrder order, ref char mark)
    {
        char wanted = order switch
        {
            ByteOrder.Big => '>',
            ByteOrder.Little when mark != '@' => '<',
            _ => mark,
        };
        if (wanted != mark)
            text.Append(wanted);
        mark = wanted;
    }

    private static string? CodeOf(DType type, bool standard) => type.Kind switch
    {
        ElementKind.Boolean => "?",
        ElementKind.SignedInteger => type.ItemSize switch { 1 => "b", 2 => "h", 4 => "i", _ => standard ? "q" : "l" },
        ElementKind.UnsignedInteger => type.ItemSize switch { 1 => "B", 2 => "H", 4 => "I", _ => standard ? "Q" : "L" },
        ElementKind.Float => type.ItemSize switch { 2 => "e", 4 => "f", _ => "d" },
        ElementKind.Complex when type.ItemSize >= 8 => type.ItemSize == 8 ? "Zf" : "Zd",
        ElementKind.Bytes => $"{type.ItemSize}s",
        ElementKind.Text => $"{type.ItemSize / 4}w",
        ElementKind.DateTime or ElementKind.TimeDelta or ElementKind.Complex => null,
        _ => type.IsPacked ? null : $"{type.ItemSize}x",
    };
}
