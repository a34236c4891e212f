using System.Collections.Immutable;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>One pass over a PEP 3118 format.</summary>
/// <param name="format">The text.</param>
/// <param name="paddingIsWritten">
/// True reads native mode as NumPy writes it: all padding is spelt out, and <c>@</c> says that an element lies aligned within the whole item.
/// False reads it by PEP 3118: fields are aligned within their record, which ends on a multiple of its alignment.
/// </param>
internal ref struct BufferFormatReader(ReadOnlySpan<byte> format, bool paddingIsWritten)
{
    private readonly ReadOnlySpan<byte> _format = format;
    private readonly bool _paddingIsWritten = paddingIsWritten;
    private Int128 _offset = 0;
    private int _position = 0;
    private byte _mark = (byte)'@';
    private int _depth = 0;

    /// <summary>True when an element in native mode did not lie aligned, so that padding was not written out.</summary>
    public bool HasMisaligned { get; private set; }

    private readonly bool IsNative => _mark is (byte)'@' or (byte)'^';

    private readonly ByteOrder Order => _mark is (byte)'>' or (byte)'!' ? ByteOrder.Big : ByteOrder.Little;

    private readonly byte Next => _position < _format.Length ? _format[_position] : (byte)0;

    /// <summary>Reads the whole format.</summary>
    /// <param name="alignment">The alignment that a C compiler would give the whole, whatever the marks.</param>
    /// <param name="repeats">How often the last field repeats a record; as many bytes of padding behind it may belong inside. 0: it does not.</param>
    public DType ReadAll(out int alignment, out long repeats)
    {
        List<Item> items = ReadItems(closing: 0);
        alignment = AlignmentOf(items, anyMark: true);
        repeats = items is [.., var last] ? last.Repeats : 0;
        if (items.Count == 0)
            throw Error("no element code");
        if (items is [{ Name: null, Shape.IsEmpty: true } only])
            return only.Type;
        return MakeRecord(items);
    }

    private List<Item> ReadItems(byte closing)
    {
        var items = new List<Item>();
        long repeats = 0;
        long padding = 0;
        while (true)
        {
            while (Next == ' ')
                _position++;
            if (_position >= _format.Length)
                return closing == 0 ? items : throw Error("'}' is missing");
            if (closing != 0 && Next == closing)
            {
                _position++;
                return items;
            }

            Item item = ReadItem();
            (repeats, padding) = item.IsPadding ? (repeats, padding + item.Type.ItemSize) : (item.Repeats, 0);
            if (_paddingIsWritten && repeats > 0 && padding >= repeats)
                throw Ambiguous();
            items.Add(item);
        }
    }

    private Item ReadItem()
    {
        ReadMark();
        ImmutableArray<int> shape = Next == '(' ? ReadShape() : [];
        ReadMark();
        bool aligns = _mark == '@';
        Int128 start = _offset;
        int count = ReadCount();
        if (_position >= _format.Length)
            throw Error("an element code is missing");
        byte code = Next;
        Extra extra;
        DType type;
        if (code == 'T')
        {
            type = ReadRecord(out extra);
            long times = (long)SizeOf(DType.UInt8, count >= 0 ? shape.Add(count) : shape);
            if (!extra.EndsInPadding && extra.Repeats == 0 && times > 1)
                extra.Repeats = times;
        }
        else
        {
            type = ReadElement(code, ref count);
            int natural = type.Kind is ElementKind.Bytes or ElementKind.Opaque ? 1 : type.SwapUnit;
            extra = new Extra { Natural = natural, Native = natural };
            HasMisaligned |= aligns && start % natural != 0;
        }

        if (count >= 0)
            shape = shape.Add(count);
        string? name = Next == ':' ? ReadName() : null;
        _offset = start + SizeOf(type, shape);
        return new Item(name, type, shape, extra.Natural, aligns ? extra.Native : 1, IsPadding: code == 'x' && name is null, extra.Repeats);
    }

    private void ReadMark()
    {
        if (Next is (byte)'@' or (byte)'=' or (byte)'<' or (byte)'>' or (byte)'!' or (byte)'^')
            _mark = _format[_position++];
    }

    private ImmutableArray<int> ReadShape()
    {
        var shape = ImmutableArray.CreateBuilder<int>();
        do
        {
            _position++;
            int length = ReadCount();
            if (length < 0 || shape.Count == LayoutMath.MaxRank)
                throw Error($"a sub-array needs 1 to {LayoutMath.MaxRank} lengths");
            shape.Add(length);
        }
        while (Next == ',');
        if (Next != ')')
            throw Error("')' is missing after the lengths of a sub-array");
        _position++;
        return shape.ToImmutable();
    }

    // The count in front of a code; -1 where there is none.
    private int ReadCount()
    {
        if (!char.IsAsciiDigit((char)Next))
            return -1;
        long count = 0;
        while (char.IsAsciiDigit((char)Next))
        {
            count = (count * 10) + (_format[_position] - '0');
            if (count > DType.MaxItemSize)
                throw Error($"a count is above {DType.MaxItemSize}");
            _position++;
        }

        return (int)count;
    }

    private DType ReadRecord(out Extra extra)
    {
        if (_position + 1 >= _format.Length || _format[_position + 1] != '{')
            throw Error("'{' is missing after T");
        if (++_depth > BufferFormat.MaxDepth)
            throw Error($"records nest deeper than {BufferFormat.MaxDepth}");
        _position += 2;
        List<Item> items = ReadItems((byte)'}');
        _depth--;
        DType record = MakeRecord(items);
        long repeated = items is [.., var last] ? last.Repeats : 0;
        extra = new Extra
        {
            Natural = AlignmentOf(items, anyMark: true),
            Native = AlignmentOf(items, anyMark: false),
            Repeats = repeated,
            EndsInPadding = items is [.., { IsPadding: true }],
        };
        int padding = _paddingIsWritten ? 0 : (extra.Native - (record.ItemSize % extra.Native)) % extra.Native;
        return padding == 0 ? record : DType.Record(CheckSize((long)record.ItemSize + padding), record.Fields);
    }

    private DType ReadElement(byte code, ref int count)
    {
        _position++;
        switch (code)
        {
            case (byte)'s' or (byte)'c':
                int length = code == 's' ? TakeCount(ref count) : 1;
                return DType.Bytes(length);
            case (byte)'x':
                return DType.Opaque(TakeCount(ref count));
            case (byte)'w':
                int characters = TakeCount(ref count);
                return characters <= DType.MaxItemSize / 4 ? Ordered(DType.Text(characters)) : throw Error("a text is too long");
            case (byte)'Z':
                return ReadComplex();
            default:
                return Ordered(ElementOf(code));
        }
    }

    private static int TakeCount(ref int count)
    {
        int taken = count < 0 ? 1 : count;
        count = -1;
        return taken;
    }

    private DType ReadComplex()
    {
        byte part = Next;
        _position++;
        return part switch
        {
            (byte)'f' => Ordered(DType.Complex64),
            (byte)'d' => Ordered(DType.Complex128),
            (byte)'g' => throw Unsupported("is the 80-bit long double of the x87, not binary128; convert to float64 or complex128 first"),
            _ => throw Unknown(_position - 2),
        };
    }

    private readonly DType ElementOf(byte code) => code switch
    {
        (byte)'?' => DType.Boolean,
        (byte)'b' => DType.Int8,
        (byte)'B' => DType.UInt8,
        (byte)'h' => DType.Int16,
        (byte)'H' => DType.UInt16,
        (byte)'i' => DType.Int32,
        (byte)'I' => DType.UInt32,
        (byte)'l' => IsNative ? DType.Int64 : DType.Int32,
        (byte)'L' => IsNative ? DType.UInt64 : DType.UInt32,
        (byte)'q' => DType.Int64,
        (byte)'Q' => DType.UInt64,
        (byte)'n' when IsNative => DType.Int64,
        (byte)'N' when IsNative => DType.UInt64,
        (byte)'n' or (byte)'N' => throw Error($"{(char)code} exists in native mode only"),
        (byte)'e' => DType.Float16,
        (byte)'f' => DType.Float32,
        (byte)'d' => DType.Float64,
        (byte)'F' => DType.Complex64,
        (byte)'D' => DType.Complex128,
        (byte)'g' => throw Unsupported("is the 80-bit long double of the x87, not binary128; convert to float64 first"),
        (byte)'O' => throw Unsupported("means Python object pointers, which never leave their interpreter; convert to a numeric or record type first"),
        (byte)'P' or (byte)'&' or (byte)'X' => throw Unsupported("means pointers, which are no data"),
        (byte)'t' => throw Unsupported("is a bit field, which no array library implements"),
        (byte)'p' or (byte)'u' => throw Unsupported("is a string form that no array type can carry; use 's' or 'w'"),
        _ => throw Unknown(_position - 1),
    };

    private readonly DType Ordered(DType type) => Order == ByteOrder.Big ? type.WithByteOrder(ByteOrder.Big) : type;

    private string ReadName()
    {
        int from = ++_position;
        int length = _format[from..].IndexOf((byte)':');
        if (length <= 0)
            throw Error(length == 0 ? "a name is empty" : "':' is missing after a name");
        _position = from + length + 1;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(_format.Slice(from, length));
        }
        catch (ArgumentException)
        {
            throw Error("a name is not valid UTF-8");
        }
    }

    private readonly DType MakeRecord(List<Item> items)
    {
        var fields = ImmutableArray.CreateBuilder<RecordField>(items.Count);
        HashSet<string> names = NamesOf(items);
        long offset = 0;
        bool onlyPadding = true;
        foreach (Item item in items)
        {
            if (!_paddingIsWritten)
                offset = (offset + item.Alignment - 1) / item.Alignment * item.Alignment;
            Int128 size = SizeOf(item.Type, item.Shape);
            if (!item.IsPadding)
                fields.Add(new RecordField(item.Name ?? FreeName(names, fields.Count), item.Type, CheckSize(offset), Checked(item.Shape, size), null));
            onlyPadding &= item.IsPadding;
            offset = CheckSize((long)Int128.Min(offset + size, long.MaxValue));
        }

        return onlyPadding ? DType.Opaque((int)offset) : DType.Record((int)offset, fields.ToImmutable());
    }

    private static Int128 SizeOf(DType type, ImmutableArray<int> shape)
    {
        Int128 size = type.ItemSize;
        foreach (int length in shape)
            size = Int128.Min(size * length, long.MaxValue);
        return size;
    }

    private readonly ImmutableArray<int> Checked(ImmutableArray<int> shape, Int128 size)
    {
        CheckSize((long)size);
        return shape;
    }

    private readonly int CheckSize(long size) => size <= DType.MaxItemSize
        ? (int)size
        : throw Error($"an element would have more than {DType.MaxItemSize} bytes");

    private readonly HashSet<string> NamesOf(List<Item> items)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Item item in items)
        {
            if (item.Name is not null && !names.Add(item.Name))
                throw Error($"two fields are named '{item.Name}'");
        }

        return names;
    }

    // Fields without a name get NumPy's: f0, f1, … by position.
    private static string FreeName(HashSet<string> names, int index)
    {
        string name = $"f{index}";
        while (!names.Add(name))
            name += "_";
        return name;
    }

    // The largest alignment among the items, or only among those in native mode.
    private static int AlignmentOf(List<Item> items, bool anyMark)
    {
        int alignment = 1;
        foreach (Item item in items)
            alignment = Math.Max(alignment, anyMark ? item.Natural : item.Alignment);
        return alignment;
    }

    private readonly string Text => BufferFormat.Shorten(_format);

    private readonly TensorFormatException Error(string what) =>
        new($"the buffer's format '{Text}' is malformed at byte {_position}: {what}");

    // NumPy leaves the padding inside repeated records out and writes it all behind them: the pitch would be a guess.
    // A record that ends in written padding, be it 0x, shows an exporter that knows better.
    private readonly TensorFormatException Ambiguous() =>
        new($"the buffer's format '{Text}' repeats a record with padding that may lie inside or behind it; use __array_interface__, whose descr tells");

    private readonly TensorFormatException Unknown(int position) => new(
        $"the buffer's format '{Text}' has an unknown code at byte {position}; known are ? b B h H i I l L q Q n N e f d Zf Zd F D c s w x and T{{}}",
        isWrongType: true);

    private readonly TensorUnsupportedException Unsupported(string what) =>
        new($"the buffer's format '{Text}' {what}");

    // What matters of an element or record besides its type: alignment in C, alignment that its marks ask for, and how a record ends.
    private struct Extra
    {
        public int Natural;
        public int Native;
        public long Repeats;
        public bool EndsInPadding;
    }

    private readonly record struct Item(string? Name, DType Type, ImmutableArray<int> Shape, int Natural, int Alignment, bool IsPadding, long Repeats);
}
