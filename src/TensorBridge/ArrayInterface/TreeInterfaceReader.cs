using System.Numerics;

namespace TensorBridge.Protocols;

/// <summary>Reads a dictionary that was parsed into objects, and reports every value whose type is wrong.</summary>
internal static class TreeInterfaceReader
{
    /// <summary>Reads the values into the fields.</summary>
    /// <param name="root">The dictionary as <see cref="PythonLiteral"/> or <see cref="DictionaryConverter"/> builds it.</param>
    /// <param name="kind">Which interface it is.</param>
    /// <param name="listsAllowed">True for JSON and .NET dictionaries, which have no tuples.</param>
    /// <param name="fields">Takes the values.</param>
    /// <exception cref="TensorFormatException">A value has the wrong type, or a mask is present.</exception>
    /// <exception cref="OverflowException">A number is beyond 64 bits.</exception>
    public static void Read(object? root, ArrayInterfaceKind kind, bool listsAllowed, ref InterfaceFields fields)
    {
        if (root is not Dictionary<string, object?> dictionary)
            throw new TensorFormatException($"{NameOf(kind)} is {LiteralText.Describe(root)}; it must be a dictionary");
        fields.ListsAllowed = listsAllowed;
        if (dictionary.TryGetValue("mask", out object? mask) && mask is not null)
            throw new TensorFormatException($"'mask' is {LiteralText.Describe(mask)}; masked arrays are not supported: apply the mask first, or leave the key out to ignore it");
        ReadVersion(dictionary);
        if (dictionary.TryGetValue("typestr", out object? typestr))
        {
            fields.Type = typestr is string text
                ? TypeStringCache.Get(text)
                : throw WrongType("typestr", typestr, "it must be a string such as '<f4'");
        }

        fields.Description = dictionary.GetValueOrDefault("descr");
        ReadShapeAndStrides(dictionary, ref fields);
        ReadData(dictionary, kind, ref fields);
        if (kind == ArrayInterfaceKind.Cuda)
            ReadStream(dictionary, ref fields);
        else
            ReadOffset(dictionary, ref fields);
    }

    /// <summary>The attribute's name.</summary>
    public static string NameOf(ArrayInterfaceKind kind) => kind == ArrayInterfaceKind.Cuda ? "__cuda_array_interface__" : "__array_interface__";

    /// <summary>An integer of any size, or null when the value is none. A bool is one, as in Python.</summary>
    public static BigInteger? IntegerOf(object? value) => value switch
    {
        long number => number,
        BigInteger number => number,
        bool flag => flag ? 1 : 0,
        IndexValue index => IntegerOf(index.Value),
        _ => null,
    };

    /// <summary>The items of a tuple, or of a list where lists are allowed; else null.</summary>
    public static IReadOnlyList<object?>? SequenceOf(object? value, bool listsAllowed) => value switch
    {
        PythonTuple tuple => tuple,
        List<object?> list when listsAllowed => list,
        _ => null,
    };

    private static void ReadVersion(Dictionary<string, object?> dictionary)
    {
        if (!dictionary.TryGetValue("version", out object? version))
            return;
        BigInteger number = IntegerOf(version) ?? throw WrongType("version", version, "it must be an integer");
        if (number < 0)
            throw new TensorFormatException($"'version' is {LiteralText.Describe(version)}; versions are 0 or more");
    }

    private static void ReadShapeAndStrides(Dictionary<string, object?> dictionary, ref InterfaceFields fields)
    {
        fields.HasShape = dictionary.TryGetValue("shape", out object? shape);
        if (fields.HasShape)
            fields.Rank = ReadTuple("shape", shape, fields.ListsAllowed, fields.Shape);
        fields.HasStrides = dictionary.TryGetValue("strides", out object? strides) && strides is not null;
        if (fields.HasStrides)
            fields.StrideCount = ReadTuple("strides", strides, fields.ListsAllowed, fields.Strides);
    }

    private static int ReadTuple(string key, object? value, bool listsAllowed, Span<long> numbers)
    {
        IReadOnlyList<object?> items = SequenceOf(value, listsAllowed)
            ?? throw WrongType(key, value, $"it must be a tuple of integers, such as (3, 4){(value is long ? $"; one axis is written ({value},)" : string.Empty)}");
        if (items.Count > numbers.Length)
            throw new TensorFormatException($"'{key}' has {items.Count} entries; at most {numbers.Length} axes are supported: merge axes first");
        for (int i = 0; i < items.Count; i++)
        {
            BigInteger number = IntegerOf(items[i])
                ?? throw new TensorFormatException($"'{key}' entry {i} is {LiteralText.Describe(items[i])}; entries must be integers", isWrongType: true);
            numbers[i] = number >= long.MinValue && number <= long.MaxValue
                ? (long)number
                : throw new OverflowException($"'{key}' entry {i} is {LiteralText.Describe(number)}, beyond a 64-bit integer");
        }

        return items.Count;
    }

    private static void ReadData(Dictionary<string, object?> dictionary, ArrayInterfaceKind kind, ref InterfaceFields fields)
    {
        if (!dictionary.TryGetValue("data", out object? data))
            return;
        if (data is null)
        {
            fields.Data = InterfaceData.None;
        }
        else if (data is BufferValue buffer && kind == ArrayInterfaceKind.Host)
        {
            fields.Data = InterfaceData.Buffer;
            fields.Address = buffer.Address;
            fields.BufferLength = buffer.Length;
            fields.IsReadOnly = buffer.IsReadOnly;
        }
        else
        {
            ReadPointer(data, kind, ref fields);
        }
    }

    private static void ReadPointer(object data, ArrayInterfaceKind kind, ref InterfaceFields fields)
    {
        string accepted = kind == ArrayInterfaceKind.Cuda
            ? "it must be the tuple (pointer, readonly)"
            : "it must be the tuple (pointer, readonly) or an object with a buffer";
        IReadOnlyList<object?> items = SequenceOf(data, fields.ListsAllowed) ?? throw WrongType("data", data, accepted);
        if (items.Count != 2)
            throw WrongType("data", data, $"{accepted}, which has 2 entries, not {items.Count}");
        if (items[0] is not (long or BigInteger))
            throw new TensorFormatException($"'data' has the pointer {LiteralText.Describe(items[0])}; it must be a plain int", isWrongType: true);
        BigInteger pointer = IntegerOf(items[0])!.Value;
        if (pointer < 0)
            throw new TensorFormatException($"'data' has the pointer {LiteralText.Describe(items[0])}; addresses are 0 or more");
        if (pointer > ulong.MaxValue)
            throw new OverflowException($"'data' has the pointer {LiteralText.Describe(items[0])}, beyond a 64-bit address");
        fields.Data = InterfaceData.Pointer;
        fields.Address = (ulong)pointer;
        fields.IsReadOnly = TruthOf(items[1]);
    }

    private static void ReadOffset(Dictionary<string, object?> dictionary, ref InterfaceFields fields)
    {
        // Beside a pointer the key means nothing.
        if (fields.Data == InterfaceData.Pointer || !dictionary.TryGetValue("offset", out object? offset))
            return;
        BigInteger number = IntegerOf(offset) ?? throw WrongType("offset", offset, "it must be an integer, in bytes");
        fields.HasOffset = true;
        fields.Offset = number >= long.MinValue && number <= long.MaxValue
            ? (long)number
            : throw new OverflowException($"'offset' is {LiteralText.Describe(number)}, beyond a 64-bit integer");
    }

    private static void ReadStream(Dictionary<string, object?> dictionary, ref InterfaceFields fields)
    {
        if (!dictionary.TryGetValue("stream", out object? stream) || stream is null)
            return;
        if (stream is bool || IntegerOf(stream) is not { } number)
            throw WrongType("stream", stream, "it must be None, 1 (legacy default stream), 2 (per-thread default stream) or a stream handle");
        if (number < 0)
            throw new TensorFormatException($"'stream' is {LiteralText.Describe(stream)}; it must be None, 1 (legacy default stream), 2 (per-thread default stream) or a stream handle");
        if (number > ulong.MaxValue)
            throw new OverflowException($"'stream' is {LiteralText.Describe(number)}, beyond a 64-bit handle");
        fields.HasStream = true;
        fields.Stream = (ulong)number;
    }

    // Python's truth of the values that a literal can hold.
    private static bool TruthOf(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        double number => number != 0,
        string text => text.Length > 0,
        byte[] bytes => bytes.Length > 0,
        PythonTuple tuple => tuple.Count > 0,
        List<object?> list => list.Count > 0,
        Dictionary<string, object?> dictionary => dictionary.Count > 0,
        ForeignValue => throw new TensorFormatException($"'data' has the read-only flag {LiteralText.Describe(value)}; it must be True or False", isWrongType: true),
        _ => IntegerOf(value) is not { IsZero: true },
    };

    private static TensorFormatException WrongType(string key, object? value, string accepted) =>
        new($"'{key}' is {LiteralText.Describe(value)}; {accepted}", isWrongType: true);
}
