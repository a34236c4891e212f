using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>Says what a value of a dictionary is, for messages: <c>the list [3, 4]</c>, <c>the string 'abc'</c>.</summary>
internal static class LiteralText
{
    private const int MaxShown = 60;

    /// <summary>The kind of the value and its text, cut where it is long.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool flag => $"the bool {(flag ? "True" : "False")}",
        long or BigInteger => $"the integer {Shorten(Convert.ToString(value, CultureInfo.InvariantCulture)!)}",
        double number => $"the float {number.ToString("R", CultureInfo.InvariantCulture)}",
        string text => $"the string {Quote(Shorten(text))}",
        byte[] bytes => $"a bytes object of {bytes.Length} bytes",
        PythonTuple tuple => $"the tuple {Shorten(Write(tuple))}",
        IDictionary => "a dictionary",
        IList list => $"the list {Shorten(Write(list))}",
        BufferValue buffer => $"a buffer of {buffer.Length} bytes",
        IndexValue index => $"the integer {Shorten(Convert.ToString(index.Value, CultureInfo.InvariantCulture)!)} of type {index.TypeName}",
        ForeignValue foreign => $"a value of type {foreign.TypeName}",
        _ => $"a value of type {value.GetType()}",
    };

    /// <summary>The value as Python writes it.</summary>
    public static string Write(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>The value as Python writes it.</summary>
    public static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case string s:
                text.Append(Quote(s));
                break;
            case PythonTuple tuple:
                WriteItems(text, tuple, '(', tuple.Count == 1 ? ",)" : ")");
                break;
            case IDictionary dictionary:
                WriteDictionary(text, dictionary);
                break;
            case IEnumerable items:
                WriteItems(text, items.Cast<object?>(), '[', "]");
                break;
            case IFormattable number:
                text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                text.Append('<').Append(value).Append('>');
                break;
        }
    }

    /// <summary>A Python string literal in single quotes, ASCII only.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("'");
        foreach (Rune rune in value.EnumerateRunes())
        {
            int code = rune.Value;
            if (code is '\'' or '\\')
                text.Append('\\').Append((char)code);
            else if (code is >= 0x20 and < 0x7F)
                text.Append((char)code);
            else if (code <= 0xFF)
                text.Append(CultureInfo.InvariantCulture, $"\\x{code:x2}");
            else if (code <= 0xFFFF)
                text.Append(CultureInfo.InvariantCulture, $"\\u{code:x4}");
            else
                text.Append(CultureInfo.InvariantCulture, $"\\U{code:x8}");
        }

        return text.Append('\'').ToString();
    }

    private static void WriteItems(StringBuilder text, IEnumerable<object?> items, char open, string close)
    {
        text.Append(open);
        bool first = true;
        foreach (object? item in items)
        {
            if (!first)
                text.Append(", ");
            first = false;
            Write(text, item);
        }

        text.Append(close);
    }

    private static void WriteDictionary(StringBuilder text, IDictionary dictionary)
    {
        text.Append('{');
        bool first = true;
        foreach (DictionaryEntry entry in dictionary)
        {
            if (!first)
                text.Append(", ");
            first = false;
            Write(text, entry.Key);
            text.Append(": ");
            Write(text, entry.Value);
        }

        text.Append('}');
    }

    private static string Shorten(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
