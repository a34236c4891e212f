using System.Collections.Immutable;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>One pass over a PEP 3118 format.</summary>
/// <param name="format">The text.</param>
/// <param name="padsNested">Whether a nested record in native mode ends on a multiple of its alignment.</param>
internal ref struct BufferFormatReader(ReadOnlySpan<byte> format, bool padsNested)
{
    private readonly ReadOnlySpan<byte> _format = format;
    private readonly bool _padsNested = padsNested;
    private int _position = 0;
    private byte _mark = (byte)'@';
    private int _depth = 0;

    private readonly bool IsNative => _mark is (byte)'@' or (byte)'^';

    private readonly ByteOrder Order => _mark is (byte)'>' or (byte)'!' ? ByteOrder.Big : ByteOrder.Little;

    private readonly byte Next => _position < _format.Length ? _format[_position] : (byte)0;

    /// <summary>Reads the whole format.</summary>
    /// <param name="alignment">The alignment of a record's fields in native mode, else 1.</param>
    public DType ReadAll(out int alignment)
    {
        List<Item> items = ReadItems(closing: 0);
        alignment = AlignmentOf(items);
        if (items.Count == 0)
            throw Error("no element code");
        if (items is [{ Name: null, Shape.IsEmpty: true } only])
            return only.Type;
        return MakeRecord(items);
    }

    private List<Item> ReadItems(byte closing)
    {
        var items = new List<Item>();
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

            items.Add(ReadItem());
        }
    }

    private Item ReadItem()
    {
        ReadMark();
        ImmutableArray<int> shape = Next == '(' ? ReadShape() : [];
        ReadMark();
        bool aligns = _mark == '@';
        int count = ReadCount();
        if (_position >= _format.Length)
            throw Error("an element code is missing");
        byte code = Next;
        DType type;
        int alignment = 1;
        if (code == 'T')
        {
            type = ReadRecord(ref alignment, shape.IsEmpty && count < 0);
        }
        else
        {
            type = ReadElement(code, ref count);
            alignment = code is (byte)'s' or (byte)'x' or (byte)'c' ? 1 : type.Kind == ElementKind.Text ? 4 : Math.Max(1, type.SwapUnit);
        }

        if (count >= 0)
            shape = shape.Add(count);
        string? name = Next == ':' ? ReadName() : null;
        return new Item(name, type, shape, aligns ? alignment : 1, IsPadding: code == 'x' && name is null);
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

    private DType ReadRecord(ref int alignment, bool isPlain)
    {
        if (_position + 1 >= _format.Length || _format[_position + 1] != '{')
            throw Error("'{' is missing after T");
        if (++_depth > BufferFormat.MaxDepth)
            throw Error($"records nest deeper than {BufferFormat.MaxDepth}");
        _position += 2;
        List<Item> items = ReadItems((byte)'}');
        _depth--;
        DType record = MakeRecord(items);
        alignment = AlignmentOf(items);
        int padding = (alignment - (record.ItemSize % alignment)) % alignment;
        if (padding == 0 || _depth == 0 && isPlain)
            return record;
        if (_padsNested)
            return DType.Record(CheckSize((long)record.ItemSize + padding), record.Fields);

        // The pitch between the items of a sub-array would be a guess: exporters disagree whether the padding counts.
        return isPlain ? record : throw new TensorFormatException($"the buffer's format '{Text}' repeats a record whose size is no multiple of its alignment; use __array_interface__, whose descr says the padding");
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
            offset = (offset + item.Alignment - 1) / item.Alignment * item.Alignment;
            Int128 size = item.Type.ItemSize;
            foreach (int length in item.Shape)
                size = Int128.Min(size * length, long.MaxValue);
            if (!item.IsPadding)
                fields.Add(new RecordField(item.Name ?? FreeName(names, fields.Count), item.Type, CheckSize(offset), Checked(item.Shape, size), null));
            onlyPadding &= item.IsPadding;
            offset = CheckSize((long)Int128.Min(offset + size, long.MaxValue));
        }

        return onlyPadding ? DType.Opaque((int)offset) : DType.Record((int)offset, fields.ToImmutable());
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

    private static int AlignmentOf(List<Item> items)
    {
        int alignment = 1;
        foreach (Item item in items)
            alignment = Math.Max(alignment, item.Alignment);
        return alignment;
    }

    private readonly string Text => BufferFormat.Shorten(_format);

    private readonly TensorFormatException Error(string what) =>
        new($"the buffer's format '{Text}' is malformed at byte {_position}: {what}");

    private readonly TensorFormatException Unknown(int position) => new(
        $"the buffer's format '{Text}' has an unknown code at byte {position}; known are ? b B h H i I l L q Q n N e f d Zf Zd F D c s w x and T{{}}",
        isWrongType: true);

    private readonly TensorUnsupportedException Unsupported(string what) =>
        new($"the buffer's format '{Text}' {what}");

    private readonly record struct Item(string? Name, DType Type, ImmutableArray<int> Shape, int Alignment, bool IsPadding);
}
