namespace TensorBridge.Protocols;

/// <summary>
/// The fast reader of a dictionary's text: takes what exporters write every day in one pass without allocating, and
/// leaves everything unusual, errors of type included, to <see cref="TreeInterfaceReader"/>.
/// </summary>
internal static class PlainInterfaceReader
{
    /// <summary>Reads the text into the fields.</summary>
    /// <returns>False when something is unusual; the fields mean nothing then.</returns>
    /// <exception cref="TensorFormatException">The text is malformed.</exception>
    public static bool TryRead(ReadOnlySpan<byte> utf8, ArrayInterfaceKind kind, bool allowTags, ref InterfaceFields fields)
    {
        var reader = new LiteralReader(utf8, allowTags);
        if (reader.Read() != LiteralToken.DictStart)
            return false;
        ReadOnlySpan<byte> typestr = default;
        ReadOnlySpan<byte> description = default;
        uint seen = 0;
        while (reader.Read() is var token && token != LiteralToken.DictEnd)
        {
            if (token != LiteralToken.String || reader.HasEscapes)
                return false;
            InterfaceKey key = Identify(reader.Raw);
            if (key != InterfaceKey.Unknown && (seen & (1u << (int)key)) != 0)
                return false;
            seen |= 1u << (int)key;
            if (!TryReadValue(ref reader, utf8, key, kind, ref fields, ref typestr, ref description))
                return false;
        }

        if (reader.Read() != LiteralToken.End || typestr.IsEmpty)
            return false;
        fields.Type = TypeStringCache.Get(typestr);
        return description.IsEmpty || IsTrivialDescription(description, typestr);
    }

    /// <summary>The key that a name stands for.</summary>
    public static InterfaceKey Identify(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 4:
                return name.SequenceEqual("data"u8) ? InterfaceKey.Data : name.SequenceEqual("mask"u8) ? InterfaceKey.Mask : InterfaceKey.Unknown;
            case 5:
                return name.SequenceEqual("shape"u8) ? InterfaceKey.Shape : name.SequenceEqual("descr"u8) ? InterfaceKey.Description : InterfaceKey.Unknown;
            case 6:
                return name.SequenceEqual("offset"u8) ? InterfaceKey.Offset : name.SequenceEqual("stream"u8) ? InterfaceKey.Stream : InterfaceKey.Unknown;
            case 7:
                return name.SequenceEqual("typestr"u8) ? InterfaceKey.TypeString
                    : name.SequenceEqual("strides"u8) ? InterfaceKey.Strides
                    : name.SequenceEqual("version"u8) ? InterfaceKey.Version
                    : InterfaceKey.Unknown;
            default:
                return InterfaceKey.Unknown;
        }
    }

    private static bool TryReadValue(
        ref LiteralReader reader,
        ReadOnlySpan<byte> utf8,
        InterfaceKey key,
        ArrayInterfaceKind kind,
        ref InterfaceFields fields,
        ref ReadOnlySpan<byte> typestr,
        ref ReadOnlySpan<byte> description)
    {
        LiteralToken token = reader.Read();
        switch (key)
        {
            case InterfaceKey.Shape:
                fields.HasShape = true;
                return TryReadTuple(ref reader, token, fields.Shape, out fields.Rank);
            case InterfaceKey.Strides:
                fields.HasStrides = token != LiteralToken.None;
                return !fields.HasStrides || TryReadTuple(ref reader, token, fields.Strides, out fields.StrideCount);
            case InterfaceKey.TypeString:
                typestr = reader.Raw;
                return token == LiteralToken.String && !reader.HasEscapes;
            case InterfaceKey.Data:
                return TryReadData(ref reader, token, kind, ref fields);
            case InterfaceKey.Description:
                int from = reader.Start;
                reader.SkipRest(token);
                description = utf8[from..reader.Position];
                return true;
            case InterfaceKey.Version:
                return token == LiteralToken.Integer && !reader.IsNegative;
            case InterfaceKey.Mask:
                return token == LiteralToken.None;
            case InterfaceKey.Offset or InterfaceKey.Stream:
                // Either key belongs to one kind and is unknown to the other.
                bool applies = (key == InterfaceKey.Stream) == (kind == ArrayInterfaceKind.Cuda);
                if (applies)
                    return key == InterfaceKey.Stream ? TryReadStream(in reader, token, ref fields) : TryReadOffset(in reader, token, ref fields);
                break;
        }

        reader.SkipRest(token);
        return true;
    }

    private static bool TryReadTuple(ref LiteralReader reader, LiteralToken token, Span<long> values, out int count)
    {
        count = 0;
        if (token != LiteralToken.TupleStart)
            return false;
        while (reader.Read() is var item && item != LiteralToken.TupleEnd)
        {
            if (item is not (LiteralToken.Integer or LiteralToken.Index) || count == values.Length || !TryInt64(in reader, out values[count]))
                return false;
            count++;
        }

        return true;
    }

    private static bool TryReadData(ref LiteralReader reader, LiteralToken token, ArrayInterfaceKind kind, ref InterfaceFields fields)
    {
        if (token == LiteralToken.Buffer && kind == ArrayInterfaceKind.Host)
        {
            fields.Data = InterfaceData.Buffer;
            fields.Address = reader.BufferAddress;
            fields.BufferLength = reader.BufferLength;
            fields.IsReadOnly = reader.BufferIsReadOnly;
            return true;
        }

        if (token != LiteralToken.TupleStart || reader.Read() != LiteralToken.Integer || reader.IsNegative || reader.IsHuge)
            return false;
        fields.Data = InterfaceData.Pointer;
        fields.Address = reader.Magnitude;
        LiteralToken readOnly = reader.Read();
        fields.IsReadOnly = readOnly == LiteralToken.True;
        return readOnly is LiteralToken.True or LiteralToken.False && reader.Read() == LiteralToken.TupleEnd;
    }

    private static bool TryReadOffset(in LiteralReader reader, LiteralToken token, ref InterfaceFields fields)
    {
        fields.HasOffset = true;
        return token is LiteralToken.Integer or LiteralToken.Index && TryInt64(in reader, out fields.Offset);
    }

    private static bool TryReadStream(in LiteralReader reader, LiteralToken token, ref InterfaceFields fields)
    {
        if (token == LiteralToken.None)
            return true;
        fields.HasStream = true;
        fields.Stream = reader.Magnitude;
        return token is LiteralToken.Integer or LiteralToken.Index && !reader.IsNegative && !reader.IsHuge;
    }

    private static bool TryInt64(in LiteralReader reader, out long value)
    {
        value = unchecked(reader.IsNegative ? -(long)reader.Magnitude : (long)reader.Magnitude);
        return !reader.IsHuge && reader.Magnitude <= long.MaxValue;
    }

    // True for [('', '<f4')] with the typestr itself, the descr of every plain type.
    private static bool IsTrivialDescription(ReadOnlySpan<byte> description, ReadOnlySpan<byte> typestr)
    {
        ReadOnlySpan<byte> start = "[('', '"u8;
        ReadOnlySpan<byte> end = "')]"u8;
        return description.Length == start.Length + typestr.Length + end.Length
            && description.StartsWith(start) && description.EndsWith(end)
            && description[start.Length..^end.Length].SequenceEqual(typestr);
    }
}
