using System.Globalization;
using System.Text;
using TensorBridge.Protocols;

namespace TensorBridge;

/// <summary>Writes the literals of a header as Python's <c>repr</c> does, so that headers equal NumPy's.</summary>
internal static class NpyText
{
    /// <summary>Appends a string, an integer, a tuple or a list.</summary>
    public static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case string characters:
                AppendString(text, characters);
                break;
            case PythonTuple tuple:
                AppendItems(text, tuple, '(', tuple.Count == 1 ? ",)" : ")");
                break;
            case IReadOnlyList<object?> list:
                AppendItems(text, list, '[', "]");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }

    private static void AppendItems(StringBuilder text, IReadOnlyList<object?> items, char open, string close)
    {
        text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            Append(text, items[i]);
        }

        text.Append(close);
    }

    // Single quotes, unless that would need an escape and double quotes would not.
    private static void AppendString(StringBuilder text, string characters)
    {
        char quote = characters.Contains('\'') && !characters.Contains('"') ? '"' : '\'';
        text.Append(quote);
        foreach (Rune rune in characters.EnumerateRunes())
            AppendRune(text, rune, quote);
        text.Append(quote);
    }

    private static void AppendRune(StringBuilder text, Rune rune, char quote)
    {
        int code = rune.Value;
        if (code == quote || code == '\\')
            text.Append('\\').Append((char)code);
        else if (code is '\t' or '\n' or '\r')
            text.Append(code switch { '\t' => "\\t", '\n' => "\\n", _ => "\\r" });
        else if (code == ' ' || IsPrintable(rune))
            text.Append(rune.ToString());
        else if (code <= 0xFF)
            text.Append(CultureInfo.InvariantCulture, $"\\x{code:x2}");
        else if (code <= 0xFFFF)
            text.Append(CultureInfo.InvariantCulture, $"\\u{code:x4}");
        else
            text.Append(CultureInfo.InvariantCulture, $"\\U{code:x8}");
    }

    // str.isprintable: everything but separators and the "other" categories.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
