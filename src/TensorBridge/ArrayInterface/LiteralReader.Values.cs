using System.Globalization;
using System.Numerics;
using System.Text;

namespace TensorBridge.Protocols;

internal ref partial struct LiteralReader
{
    // Python's own limit for the conversion of decimal text to an integer.
    private const int MaxDigits = 4300;

    /// <summary>The string just read, escapes undone.</summary>
    /// <exception cref="TensorFormatException">An escape or the UTF-8 is malformed.</exception>
    public readonly string DecodeString()
    {
        if (HasEscapes)
            return Unescape();
        try
        {
            return StrictUtf8.GetString(Raw);
        }
        catch (ArgumentException)
        {
            throw ErrorHere("a string is not valid UTF-8");
        }
    }

    /// <summary>The integer just read: a <see cref="long"/> where it fits, else a <see cref="BigInteger"/>.</summary>
    public readonly object DecodeInteger()
    {
        if (IsHuge)
        {
            bool isHex = Raw is [(byte)'0', (byte)'x' or (byte)'X', ..];
            string digits = Encoding.ASCII.GetString(isHex ? Raw[2..] : Raw);
            BigInteger value = isHex
                ? BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            return IsNegative ? -value : value;
        }

        if (!IsNegative)
            return Magnitude <= long.MaxValue ? (long)Magnitude : (object)new BigInteger(Magnitude);
        return Magnitude <= 1UL << 63 ? unchecked(-(long)Magnitude) : (object)-new BigInteger(Magnitude);
    }

    /// <summary>The number just read.</summary>
    public readonly double DecodeFloat() => Raw switch
    {
        [(byte)'-', (byte)'i' or (byte)'I', ..] => double.NegativeInfinity,
        [(byte)'i' or (byte)'I', ..] => double.PositiveInfinity,
        [(byte)'n' or (byte)'N', ..] => double.NaN,
        _ => double.TryParse(Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw ErrorHere("a number is malformed"),
    };

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private LiteralToken ReadValue(byte first)
    {
        switch (first)
        {
            case (byte)'\'' or (byte)'"':
                ReadString(first);
                return LiteralToken.String;
            case (byte)'(':
                return Open(Container.Tuple, LiteralToken.TupleStart);
            case (byte)'[':
                return Open(Container.List, LiteralToken.ListStart);
            case (byte)'{':
                return Open(Container.Dict, LiteralToken.DictStart);
            case (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'.':
                return ReadNumber();
            case (byte)'b' when _position + 1 < _text.Length && _text[_position + 1] is (byte)'\'' or (byte)'"':
                _position++;
                ReadString(_text[_position]);
                IsPython = true;
                return LiteralToken.Bytes;
            case (byte)'<' when _allowTags:
                return ReadTag();
            default:
                return ReadWord();
        }
    }

    private void ReadString(byte quote)
    {
        int from = ++_position;
        HasEscapes = false;
        IsPython |= quote == '\'';
        while (true)
        {
            if (_position >= _text.Length)
                throw Error("a string does not end");
            byte next = _text[_position];
            if (next == quote)
                break;
            if (next < 0x20)
                throw Error("a string holds a control character; write it as an escape");
            if (next == '\\')
            {
                HasEscapes = true;
                _position++;
                if (_position >= _text.Length)
                    throw Error("a string does not end");
            }

            _position++;
        }

        Raw = _text[from.._position++];
    }

    private LiteralToken ReadNumber()
    {
        int from = _position;
        IsNegative = _text[_position] == '-';
        if (IsNegative)
            _position++;
        if (PeekWord() is { Length: > 0 } word && !char.IsAsciiDigit((char)word[0]) && IsInfinity(word))
            return EndFloat(from, word.Length);
        int digitsFrom = _position;
        if (_position + 1 < _text.Length && _text[_position] == '0' && _text[_position + 1] is (byte)'x' or (byte)'X')
            return ReadHexadecimal(digitsFrom);
        ReadDigits();
        int digits = _position - digitsFrom;
        if (_position < _text.Length && (_text[_position] == '.' || (digits > 0 && _text[_position] is (byte)'e' or (byte)'E')))
            return ReadFraction(from, digits);
        if (digits == 0)
            throw Error("a number is missing after the sign");
        if (digits > 1 && _text[digitsFrom] == '0')
            throw ErrorAt(digitsFrom, "a number starts with 0");
        CheckNumberEnds();
        Raw = _text[digitsFrom.._position];
        return LiteralToken.Integer;
    }

    private void ReadDigits()
    {
        int from = _position;
        ulong magnitude = 0;
        bool huge = false;
        for (; _position < _text.Length && (uint)(_text[_position] - '0') <= 9; _position++)
        {
            uint digit = (uint)(_text[_position] - '0');
            huge |= magnitude > (ulong.MaxValue - digit) / 10;
            magnitude = unchecked((magnitude * 10) + digit);
        }

        if (_position - from > MaxDigits)
            throw new OverflowException($"the number at byte {from} has {_position - from} digits; shapes, strides and pointers have 64 bits");
        Magnitude = magnitude;
        IsHuge = huge;
    }

    private LiteralToken ReadHexadecimal(int from)
    {
        _position += 2;
        IsPython = true;
        ulong magnitude = 0;
        bool huge = false;
        int digitsFrom = _position;
        for (; _position < _text.Length && char.IsAsciiHexDigit((char)_text[_position]); _position++)
        {
            huge |= magnitude >> 60 != 0;
            magnitude = (magnitude << 4) | HexValue(_text[_position]);
        }

        if (_position == digitsFrom)
            throw Error("hexadecimal digits are missing");
        if (_position - digitsFrom > MaxDigits)
            throw new OverflowException($"the number at byte {from} has {_position - digitsFrom} hexadecimal digits; shapes, strides and pointers have 64 bits");
        CheckNumberEnds();
        Magnitude = magnitude;
        IsHuge = huge;
        Raw = _text[from.._position];
        return LiteralToken.Integer;
    }

    private static uint HexValue(byte digit) => digit <= '9' ? (uint)(digit - '0') : (uint)((digit | 0x20) - 'a' + 10);

    private LiteralToken ReadFraction(int from, int digits)
    {
        if (_text[_position] == '.')
        {
            int pointAt = _position++;
            while (_position < _text.Length && char.IsAsciiDigit((char)_text[_position]))
                _position++;
            if (digits == 0 && _position == pointAt + 1)
                throw Error("a number has no digits");
        }

        if (_position < _text.Length && _text[_position] is (byte)'e' or (byte)'E')
        {
            _position++;
            if (_position < _text.Length && _text[_position] is (byte)'+' or (byte)'-')
                _position++;
            int exponentFrom = _position;
            while (_position < _text.Length && char.IsAsciiDigit((char)_text[_position]))
                _position++;
            if (_position == exponentFrom)
                throw Error("an exponent has no digits");
        }

        CheckNumberEnds();
        return EndFloat(from, 0);
    }

    private LiteralToken EndFloat(int from, int more)
    {
        _position += more;
        Raw = _text[from.._position];
        return LiteralToken.Float;
    }

    private readonly void CheckNumberEnds()
    {
        if (_position < _text.Length && (char.IsAsciiLetterOrDigit((char)_text[_position]) || _text[_position] is (byte)'_' or (byte)'.' or >= 0x80))
            throw Error("a number runs into other characters");
    }

    private LiteralToken ReadWord()
    {
        ReadOnlySpan<byte> word = PeekWord();
        LiteralToken token;
        if (word.SequenceEqual("None"u8) || word.SequenceEqual("null"u8))
            token = LiteralToken.None;
        else if (word.SequenceEqual("True"u8) || word.SequenceEqual("true"u8))
            token = LiteralToken.True;
        else if (word.SequenceEqual("False"u8) || word.SequenceEqual("false"u8))
            token = LiteralToken.False;
        else if (IsInfinity(word) || word.SequenceEqual("nan"u8) || word.SequenceEqual("NaN"u8))
            return EndFloat(_position, word.Length);
        else
            throw Error("a value must be a number, string, list, tuple, dictionary, None, True or False");
        IsPython |= word[0] is (byte)'N' or (byte)'T' or (byte)'F';
        _position += word.Length;
        return token;
    }

    private readonly ReadOnlySpan<byte> PeekWord()
    {
        int end = _position;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit((char)_text[end]) || _text[end] is (byte)'_' or >= 0x80))
            end++;
        return _text[_position..end];
    }

    private static bool IsInfinity(ReadOnlySpan<byte> word) => word.SequenceEqual("inf"u8) || word.SequenceEqual("Infinity"u8);

    private readonly string Unescape()
    {
        var text = new StringBuilder();
        ReadOnlySpan<byte> rest = Raw;
        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOf((byte)'\\');
            if (plain != 0)
            {
                AppendUtf8(text, plain < 0 ? rest : rest[..plain]);
                rest = plain < 0 ? [] : rest[plain..];
                continue;
            }

            rest = rest[AppendEscape(text, rest)..];
        }

        string decoded = text.ToString();
        return IsWellFormed(decoded) ? decoded : throw ErrorHere("a string holds half of a surrogate pair");
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }

    private readonly void AppendUtf8(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        try
        {
            text.Append(StrictUtf8.GetString(bytes));
        }
        catch (ArgumentException)
        {
            throw ErrorHere("a string is not valid UTF-8");
        }
    }

    // Appends the escape at the start of the bytes; returns how many it took.
    private readonly int AppendEscape(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        const string Letters = "\\'\"/abfnrtv";
        const string Meanings = "\\'\"/\a\b\f\n\r\t\v";
        char kind = (char)bytes[1];
        int known = Letters.IndexOf(kind);
        if (known >= 0)
        {
            text.Append(Meanings[known]);
            return 2;
        }

        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0 && kind is >= '0' and <= '7')
            return AppendOctal(text, bytes);
        if (digits == 0)
            throw ErrorHere($"a string holds the escape \\{kind}, which neither Python nor JSON has");
        if (bytes.Length < 2 + digits || !uint.TryParse(bytes.Slice(2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code))
            throw ErrorHere($"the escape \\{kind} needs {digits} hexadecimal digits");
        if (code > 0x10FFFF)
            throw ErrorHere($"the escape \\{kind}{code:x8} is no character");
        if (code > 0xFFFF)
            text.Append(char.ConvertFromUtf32((int)code));
        else
            text.Append((char)code);
        return 2 + digits;
    }

    private static int AppendOctal(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        int value = 0;
        int taken = 1;
        while (taken < 4 && taken < bytes.Length && bytes[taken] is >= (byte)'0' and <= (byte)'7')
            value = (value * 8) + (bytes[taken++] - '0');
        text.Append((char)value);
        return taken;
    }
}
