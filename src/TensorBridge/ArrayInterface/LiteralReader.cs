using System.Runtime.CompilerServices;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>Reads the text form of a Python literal token by token: as Python prints it, as JSON, or with the native module's tags.</summary>
/// <remarks>
/// A state machine over UTF-8 bytes with a fixed stack: no recursion, no allocation. Every error names the byte at
/// which the text stops making sense. Positions count bytes from 0.
/// </remarks>
internal ref partial struct LiteralReader
{
    /// <summary>How deep containers may nest; four times what the deepest real descr needs.</summary>
    public const int MaxDepth = 64;

    /// <summary>The longest text that is looked at, in bytes.</summary>
    public const int MaxLength = 1 << 22;

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _allowTags;
    private FrameStack _frames;
    private int _depth;
    private int _position;

    /// <param name="utf8">The whole text.</param>
    /// <param name="allowTags">Whether the native module's tags may occur.</param>
    public LiteralReader(ReadOnlySpan<byte> utf8, bool allowTags)
    {
        if (utf8.Length > MaxLength)
            throw new TensorFormatException($"the text of the dictionary has {utf8.Length} bytes; at most {MaxLength} are read");
        _text = utf8;
        _allowTags = allowTags;
        _frames[0] = new Frame(Container.Top, Expect.Value);
    }

    private enum Container : byte
    {
        Top,
        Dict,
        List,
        Tuple,
    }

    private enum Expect : byte
    {
        Value,
        ValueOrEnd,
        KeyOrEnd,
        ColonThenValue,
        CommaOrEnd,
        CommaOrGroupEnd,
        Nothing,
    }

    /// <summary>Where the last token began.</summary>
    public int Start { get; private set; }

    /// <summary>The first byte behind the last token.</summary>
    public readonly int Position => _position;

    /// <summary>How many containers are open.</summary>
    public readonly int Depth => _depth;

    /// <summary>True when the last token is a key of a dictionary.</summary>
    public bool IsKey { get; private set; }

    /// <summary>True once something was read that JSON does not have: tuples, single quotes, None, True, tags, a last comma.</summary>
    public bool IsPython { get; private set; }

    /// <summary>Inside a string or tag: the bytes between the quotes, escapes undone nowhere.</summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>True when <see cref="Raw"/> holds escapes.</summary>
    public bool HasEscapes { get; private set; }

    /// <summary>The magnitude of an integer below 2^64.</summary>
    public ulong Magnitude { get; private set; }

    /// <summary>True for an integer with a minus sign.</summary>
    public bool IsNegative { get; private set; }

    /// <summary>True for an integer of 2^64 or more; <see cref="Raw"/> holds its digits.</summary>
    public bool IsHuge { get; private set; }

    /// <summary>The type's name in a type or index tag.</summary>
    public ReadOnlySpan<byte> TagName { get; private set; }

    /// <summary>The address of a buffer tag.</summary>
    public ulong BufferAddress { get; private set; }

    /// <summary>The length of a buffer tag in bytes.</summary>
    public long BufferLength { get; private set; }

    /// <summary>Whether the buffer of a tag may not be written.</summary>
    public bool BufferIsReadOnly { get; private set; }

    /// <summary>Reads the next token.</summary>
    /// <exception cref="TensorFormatException">The text is malformed; the message gives the position.</exception>
    public LiteralToken Read()
    {
        SkipSpace();
        ref Frame frame = ref _frames[_depth];
        if (frame.Expect >= Expect.ColonThenValue && PassSeparator(ref frame, out LiteralToken end))
            return end;
        Start = _position;
        if (_position >= _text.Length)
            throw Error(_depth == 0 ? "a value is missing" : "the text ends inside a bracket");
        byte first = _text[_position];
        if (frame.Expect is Expect.ValueOrEnd or Expect.KeyOrEnd && first == Closing(frame.Container))
            return Close(ref frame);
        IsKey = frame.Expect == Expect.KeyOrEnd;
        frame.Expect = IsKey ? Expect.ColonThenValue : AfterValue(in frame);
        return ReadValue(first);
    }

    /// <summary>Reads to the end of the value whose first token was just read.</summary>
    public void SkipRest(LiteralToken first)
    {
        if (first is not (LiteralToken.DictStart or LiteralToken.ListStart or LiteralToken.TupleStart))
            return;
        int depth = _depth;
        while (_depth >= depth)
            Read();
    }

    /// <summary>An error at the last token.</summary>
    public readonly TensorFormatException ErrorHere(string what) => ErrorAt(Start, what);

    private static Expect AfterValue(in Frame frame) => frame.Container switch
    {
        Container.Top => Expect.Nothing,
        Container.Tuple when !frame.HadComma => Expect.CommaOrGroupEnd,
        _ => Expect.CommaOrEnd,
    };

    private static byte Closing(Container container) => container switch
    {
        Container.Dict => (byte)'}',
        Container.List => (byte)']',
        Container.Tuple => (byte)')',
        _ => 0,
    };

    // Reads the comma, colon or closing bracket that is due. True when that was a token of its own.
    private bool PassSeparator(ref Frame frame, out LiteralToken token)
    {
        token = LiteralToken.End;
        Start = _position;
        if (frame.Expect == Expect.Nothing)
            return _position >= _text.Length ? true : throw Error("nothing may follow the value");
        if (_position >= _text.Length)
            throw Error("the text ends inside a bracket");
        byte next = _text[_position];
        if (frame.Expect == Expect.ColonThenValue)
        {
            if (next != ':')
                throw Error("':' is missing after a key");
            _position++;
            frame.Expect = Expect.Value;
        }
        else if (next == ',')
        {
            _position++;
            frame.HadComma = true;
            frame.Expect = frame.Container == Container.Dict ? Expect.KeyOrEnd : Expect.ValueOrEnd;
        }
        else if (next == Closing(frame.Container))
        {
            token = Close(ref frame);
            return true;
        }
        else
        {
            throw Error("',' or a closing bracket is missing");
        }

        SkipSpace();
        return false;
    }

    private LiteralToken Close(ref Frame frame)
    {
        _position++;
        bool isGroup = frame.Expect == Expect.CommaOrGroupEnd;
        // A comma before the closing bracket is Python's, JSON has none.
        IsPython |= frame.HadComma && (frame.Expect is Expect.ValueOrEnd or Expect.KeyOrEnd);
        LiteralToken token = frame.Container switch
        {
            Container.Dict => LiteralToken.DictEnd,
            Container.List => LiteralToken.ListEnd,
            _ => isGroup ? LiteralToken.GroupEnd : LiteralToken.TupleEnd,
        };
        _depth--;
        return token;
    }

    private LiteralToken Open(Container container, LiteralToken token)
    {
        if (_depth + 1 >= MaxDepth)
            throw Error($"brackets nest deeper than {MaxDepth - 1}");
        _position++;
        IsPython |= container == Container.Tuple;
        _frames[++_depth] = new Frame(container, container == Container.Dict ? Expect.KeyOrEnd : Expect.ValueOrEnd);
        return token;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _position++;
    }

    private readonly TensorFormatException Error(string what) => ErrorAt(_position, what);

    private readonly TensorFormatException ErrorAt(int position, string what)
    {
        int from = Math.Max(0, position - 12);
        int length = Math.Min(_text.Length - from, 32);
        string near = Encoding.UTF8.GetString(_text.Slice(from, length));
        return new TensorFormatException($"the text of the dictionary is malformed at byte {position}: {what} (near: {near})");
    }

    private struct Frame(Container container, Expect expect)
    {
        public Container Container = container;
        public Expect Expect = expect;
        public bool HadComma;
    }

    [InlineArray(MaxDepth)]
    private struct FrameStack
    {
        private Frame _first;
    }
}
