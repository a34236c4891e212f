using System.Globalization;
using System.Text;

namespace TensorBridge;

/// <summary>Strings and bytes as Python's <c>repr</c> writes them.</summary>
internal static class PythonRepr
{
    /// <summary>A string literal; printable characters stay as they are.</summary>
    public static string Of(string value)
    {
        char quote = QuoteFor(value.Contains('\''), value.Contains('"'));
        var text = new StringBuilder().Append(quote);
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (rune.Value == quote || rune.Value == '\\')
                text.Append('\\').Append(rune);
            else if (rune.Value == ' ' || IsPrintable(rune))
                text.Append(rune);
            else
                text.Append(Escape(rune.Value));
        }

        return text.Append(quote).ToString();
    }

    /// <summary>A bytes literal.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        char quote = QuoteFor(bytes.Contains((byte)'\''), bytes.Contains((byte)'"'));
        var text = new StringBuilder("b").Append(quote);
        foreach (byte b in bytes)
        {
            if (b == quote || b == '\\')
                text.Append('\\').Append((char)b);
            else
                text.Append(b is >= 0x20 and < 0x7F ? ((char)b).ToString() : Escape(b));
        }

        return text.Append(quote).ToString();
    }

    // Python changes to double quotes only where that saves an escape.
    private static char QuoteFor(bool hasSingle, bool hasDouble) => hasSingle && !hasDouble ? '"' : '\'';

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static string Escape(int code) => code switch
    {
        '\t' => "\\t",
        '\n' => "\\n",
        '\r' => "\\r",
        <= 0xFF => $"\\x{code:x2}",
        <= 0xFFFF => $"\\u{code:x4}",
        _ => $"\\U{code:x8}",
    };
}
