using System.Buffers.Text;

namespace TensorBridge.Protocols;

// The tags that the native module writes where a live dictionary holds something that no literal can say.
internal ref partial struct LiteralReader
{
    private LiteralToken ReadTag()
    {
        IsPython = true;
        int from = _position;
        _position++;
        ReadOnlySpan<byte> word = PeekWord();
        _position += word.Length;
        LiteralToken token;
        if (word.SequenceEqual("type"u8))
        {
            ReadTagName();
            token = LiteralToken.ForeignType;
        }
        else if (word.SequenceEqual("index"u8))
        {
            token = ReadIndexTag();
        }
        else if (word.SequenceEqual("buffer"u8))
        {
            token = ReadBufferTag();
        }
        else
        {
            throw ErrorAt(from, "a tag is <type …>, <index …> or <buffer …>");
        }

        SkipSpace();
        if (_position >= _text.Length || _text[_position] != '>')
            throw Error("'>' is missing at the end of a tag");
        _position++;
        return token;
    }

    private void ReadTagName()
    {
        SkipSpace();
        if (_position >= _text.Length || _text[_position] != '\'')
            throw Error("a tag needs the type's name in single quotes");
        ReadString((byte)'\'');
        TagName = Raw;
    }

    private LiteralToken ReadIndexTag()
    {
        ReadTagName();
        SkipSpace();
        if (_position >= _text.Length || !(char.IsAsciiDigit((char)_text[_position]) || _text[_position] == '-') || ReadNumber() != LiteralToken.Integer)
            throw Error("an index tag needs an integer");
        return LiteralToken.Index;
    }

    private LiteralToken ReadBufferTag()
    {
        BufferAddress = ReadTagNumber();
        ulong length = ReadTagNumber();
        if (length > long.MaxValue)
            throw ErrorHere("the length of a buffer is below 2^63");
        BufferLength = (long)length;
        SkipSpace();
        ReadOnlySpan<byte> word = PeekWord();
        BufferIsReadOnly = word.SequenceEqual("1"u8) || word.SequenceEqual("True"u8);
        if (!BufferIsReadOnly && !word.SequenceEqual("0"u8) && !word.SequenceEqual("False"u8))
            throw Error("a buffer tag ends with 0 or 1");
        _position += word.Length;
        return LiteralToken.Buffer;
    }

    private ulong ReadTagNumber()
    {
        SkipSpace();
        if (!Utf8Parser.TryParse(_text[_position..], out ulong value, out int taken))
            throw Error("a buffer tag needs its address and its length as integers below 2^64");
        _position += taken;
        return value;
    }
}
