using System.Numerics;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>Reads a whole Python literal or JSON text into objects.</summary>
/// <remarks>
/// The objects are <c>null</c>, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/> (only beyond int64),
/// <see cref="double"/>, <see cref="string"/>, <see cref="byte"/> arrays, <see cref="List{T}"/>, <see cref="PythonTuple"/>,
/// <see cref="Dictionary{TKey, TValue}"/> with string keys (other keys are dropped: no protocol has any), and for the
/// native module's tags <see cref="ForeignValue"/>, <see cref="IndexValue"/> and <see cref="BufferValue"/>.
/// </remarks>
internal static class PythonLiteral
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">The text of exactly one value.</param>
    /// <param name="isPython">Set when the text has something that JSON has not, so that its lists are lists and no tuples.</param>
    /// <exception cref="TensorFormatException">The text is malformed; the message gives the byte.</exception>
    /// <exception cref="OverflowException">A number has more digits than Python would convert.</exception>
    public static object? Parse(string text, out bool isPython)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(Encoding.UTF8.GetBytes(text), allowTags: false, out isPython);
    }

    /// <summary>Reads UTF-8 text.</summary>
    /// <param name="utf8">The text of exactly one value.</param>
    /// <param name="allowTags">Whether the native module's tags may occur.</param>
    /// <param name="isPython">Set when the text has something that JSON has not.</param>
    /// <exception cref="TensorFormatException">The text is malformed; the message gives the byte.</exception>
    /// <exception cref="OverflowException">A number has more digits than Python would convert.</exception>
    public static object? Parse(ReadOnlySpan<byte> utf8, bool allowTags, out bool isPython)
    {
        var reader = new LiteralReader(utf8, allowTags);
        var open = new Stack<Builder>();
        var top = new Builder(LiteralToken.ListStart);
        Builder current = top;
        while (reader.Read() is var token && token != LiteralToken.End)
        {
            bool isKey = reader.IsKey;
            switch (token)
            {
                case LiteralToken.DictStart or LiteralToken.ListStart or LiteralToken.TupleStart:
                    if (isKey && token != LiteralToken.TupleStart)
                        throw reader.ErrorHere("a list or dictionary can't be a key");
                    open.Push(current);
                    current = new Builder(token) { IsKey = isKey };
                    break;
                case LiteralToken.DictEnd or LiteralToken.ListEnd or LiteralToken.TupleEnd or LiteralToken.GroupEnd:
                    Builder closed = current;
                    current = open.Pop();
                    current.Add(closed.Build(token), closed.IsKey, in reader);
                    break;
                default:
                    current.Add(Scalar(token, in reader), isKey, in reader);
                    break;
            }
        }

        isPython = reader.IsPython;
        return top.Items[0];
    }

    private static object? Scalar(LiteralToken token, in LiteralReader reader) => token switch
    {
        LiteralToken.String => reader.DecodeString(),
        LiteralToken.Bytes => reader.Raw.ToArray(),
        LiteralToken.Integer => reader.DecodeInteger(),
        LiteralToken.Float => reader.DecodeFloat(),
        LiteralToken.True => true,
        LiteralToken.False => false,
        LiteralToken.ForeignType => new ForeignValue(reader.DecodeString()),
        LiteralToken.Index => new IndexValue(Encoding.UTF8.GetString(reader.TagName), reader.DecodeInteger()),
        LiteralToken.Buffer => new BufferValue(reader.BufferAddress, reader.BufferLength, reader.BufferIsReadOnly),
        _ => null,
    };

    // A container under construction.
    private sealed class Builder(LiteralToken kind)
    {
        private readonly Dictionary<string, object?>? _dictionary = kind == LiteralToken.DictStart ? new(StringComparer.Ordinal) : null;
        private object? _key;

        public List<object?> Items { get; } = [];

        public bool IsKey { get; init; }

        public void Add(object? value, bool isKey, in LiteralReader reader)
        {
            if (_dictionary is null)
                Items.Add(value);
            else if (isKey)
                _key = value;
            else if (_key is string key && !_dictionary.TryAdd(key, value))
                throw reader.ErrorHere($"the key '{key}' occurs twice");
        }

        public object? Build(LiteralToken end) => end switch
        {
            LiteralToken.DictEnd => _dictionary,
            LiteralToken.ListEnd => Items,
            LiteralToken.GroupEnd => Items[0],
            _ => new PythonTuple(Items),
        };
    }
}
