using System.Globalization;
using TensorBridge.Protocols;

namespace TensorBridge;

/// <summary>Reads indices in Python's spelling.</summary>
internal static class TensorIndexText
{
    /// <summary>Reads the parts between the brackets.</summary>
    public static TensorIndex[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<TensorIndex>();
        int position = 0;
        while (position < text.Length)
        {
            int end = EndOfPart(text, position);
            string part = text[position..end].Trim();
            if (part.Length > 0 || end < text.Length)
                parts.Add(ParsePart(part, text));
            position = end + 1;
        }

        return [.. parts];
    }

    // The next comma outside quotes.
    private static int EndOfPart(string text, int position)
    {
        char quote = '\0';
        for (; position < text.Length; position++)
        {
            char c = text[position];
            if (quote != '\0' && c == '\\')
                position++;
            else if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"')
                quote = c;
            else if (c == ',')
                return position;
        }

        return text.Length;
    }

    private static TensorIndex ParsePart(string part, string text)
    {
        switch (part)
        {
            case "..." or "Ellipsis":
                return TensorIndex.Ellipsis;
            case "None":
                return TensorIndex.NewAxis;
            case ['\'' or '"', ..]:
                return PythonLiteral.Parse(part, out _) is string { Length: > 0 } name ? TensorIndex.Field(name) : throw Malformed(part, text);
        }

        string[] bounds = part.Split(':');
        if (bounds.Length == 1)
            return TensorIndex.At(ParseNumber(part, part, text) ?? throw Malformed(part, text));
        if (bounds.Length > 3)
            throw Malformed(part, text);
        long step = bounds.Length == 3 ? ParseNumber(bounds[2], part, text) ?? 1 : 1;
        if (step == 0)
            throw new TensorFormatException($"slice step cannot be zero in index '{text}'");
        return TensorIndex.Slice(ParseNumber(bounds[0], part, text), ParseNumber(bounds[1], part, text), step);
    }

    private static long? ParseNumber(string number, string part, string text)
    {
        number = number.Trim();
        if (number.Length == 0)
            return null;
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw Malformed(part, text);
    }

    private static TensorFormatException Malformed(string part, string text) =>
        new($"'{part}' in index '{text}' is no integer, slice, '...', None or field name", isWrongType: true);
}
