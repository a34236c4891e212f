using System.Collections.Immutable;
using System.Numerics;

namespace TensorBridge.Protocols;

/// <summary>Reads and writes <c>descr</c>, the fields of a record: <c>[('a', '|u1'), ('', '|V7'), ('b', '&lt;f8', (2,))]</c>.</summary>
/// <remarks>
/// Fields lie one behind the other: an empty name is padding, a name may be <c>(title, name)</c>, a type may be a nested
/// list, a third entry repeats the field. Unlike NumPy, padding stays padding, and the total must equal the typestr's size.
/// </remarks>
internal static class RecordDescription
{
    /// <summary>Puts a descr beside its typestr.</summary>
    /// <param name="type">What the typestr says.</param>
    /// <param name="description">The value of the key, not None.</param>
    /// <param name="listsAllowed">True where lists may stand for tuples.</param>
    /// <returns>A record for an opaque typestr with named fields, else <paramref name="type"/>.</returns>
    /// <exception cref="TensorFormatException">The descr is malformed, or disagrees with the typestr.</exception>
    /// <exception cref="TensorUnsupportedException">A field holds object pointers.</exception>
    public static DType Apply(DType type, object description, bool listsAllowed)
    {
        DType described = Read(description, listsAllowed, "'descr'", out DType? single);
        if (described.ItemSize != type.ItemSize)
            throw new TensorFormatException($"'descr' describes {described.ItemSize} bytes, 'typestr' '{type.TypeString}' has {type.ItemSize}; list padding as ('', '|Vn')");
        if (type.Kind == ElementKind.Opaque)
            return described.IsRecord && described.Fields.Length > 0 ? described : type;
        if (single is null || single != type)
            throw new TensorFormatException($"'descr' is {LiteralText.Describe(description)}, 'typestr' is '{type.TypeString}'; fields need a typestr of kind V");
        return type;
    }

    /// <summary>Reads a descr that stands alone, as in a .npy file.</summary>
    /// <param name="description">The list of fields.</param>
    /// <param name="where">What messages call it.</param>
    /// <exception cref="TensorFormatException">The descr is malformed.</exception>
    /// <exception cref="TensorUnsupportedException">A field holds object pointers.</exception>
    public static DType Read(object? description, string where) => Read(description, listsAllowed: false, where, out _);

    /// <summary>Writes the descr of a type.</summary>
    /// <returns>
    /// A list of tuples. A record whose fields overlap or are out of order can't be said this way: it becomes opaque, as in NumPy.
    /// </returns>
    public static List<object?> Write(DType type)
    {
        if (!type.IsRecord || !IsSequential(type))
            return [new PythonTuple([string.Empty, type.TypeString])];
        var items = new List<object?>();
        int end = 0;
        foreach (RecordField field in type.Fields)
        {
            AppendPadding(items, field.Offset - end);
            items.Add(new PythonTuple(WriteField(field)));
            end = field.Offset + field.Size;
        }

        AppendPadding(items, type.ItemSize - end);
        return items;
    }

    /// <summary>True when no field starts before the end of the one before it, so that a sum of sizes gives the offsets.</summary>
    public static bool IsSequential(DType type)
    {
        int end = 0;
        foreach (RecordField field in type.Fields)
        {
            if (field.Offset < end)
                return false;
            end = field.Offset + field.Size;
        }

        return true;
    }

    private static DType Read(object? value, bool listsAllowed, string where, out DType? single)
    {
        single = null;
        if (value is not List<object?> list)
            throw new TensorFormatException($"{where} is {LiteralText.Describe(value)}; it must be a list of (name, type) or (name, type, shape) tuples", isWrongType: true);
        var fields = ImmutableArray.CreateBuilder<RecordField>(list.Count);
        long offset = 0;
        for (int i = 0; i < list.Count; i++)
        {
            string here = $"{where} entry {i}";
            IReadOnlyList<object?> entry = TreeInterfaceReader.SequenceOf(list[i], listsAllowed)
                ?? throw new TensorFormatException($"{here} is {LiteralText.Describe(list[i])}; it must be a tuple (name, type) or (name, type, shape)", isWrongType: true);
            if (entry.Count is not (2 or 3))
                throw new TensorFormatException($"{here} has {entry.Count} items; it must be (name, type) or (name, type, shape)", isWrongType: true);
            (string name, string? title) = ReadName(entry[0], listsAllowed, here);
            DType type = ReadType(entry[1], listsAllowed, here);
            ImmutableArray<int> shape = entry.Count == 3 ? ReadShape(entry[2], listsAllowed, here) : [];
            long size = SizeOf(type, shape, here);
            if (offset + size > DType.MaxItemSize)
                throw new TensorFormatException($"{here} ends at byte {offset + size} of the record; records have at most {DType.MaxItemSize} bytes");
            if (name.Length > 0)
                fields.Add(new RecordField(name, type, (int)offset, shape, title));
            if (list.Count == 1 && shape.IsEmpty)
                single = type;
            offset += size;
        }

        return DType.Record((int)offset, fields.ToImmutable());
    }

    private static (string Name, string? Title) ReadName(object? value, bool listsAllowed, string here)
    {
        if (value is string name)
            return (name, null);
        return TreeInterfaceReader.SequenceOf(value, listsAllowed) is [string title, string { Length: > 0 } second]
            ? (second, title)
            : throw new TensorFormatException($"{here} has the name {LiteralText.Describe(value)}; it must be a string or (title, name)", isWrongType: true);
    }

    private static DType ReadType(object? value, bool listsAllowed, string here)
    {
        if (value is List<object?>)
        {
            DType nested = Read(value, listsAllowed, here, out _);
            return nested.Fields.Length > 0 ? nested : DType.Opaque(nested.ItemSize);
        }

        return value is string typestr
            ? TypeStringCache.Get(typestr)
            : throw new TensorFormatException($"{here} has the type {LiteralText.Describe(value)}; it must be a typestr or a list of fields", isWrongType: true);
    }

    private static ImmutableArray<int> ReadShape(object? value, bool listsAllowed, string here)
    {
        // NumPy writes a tuple and also reads a bare length.
        IReadOnlyList<object?> lengths = value is long ? [value] : TreeInterfaceReader.SequenceOf(value, listsAllowed)
            ?? throw new TensorFormatException($"{here} has the shape {LiteralText.Describe(value)}; it must be a tuple of integers", isWrongType: true);
        if (lengths.Count > LayoutMath.MaxRank)
            throw new TensorFormatException($"{here} has a shape of {lengths.Count} axes; at most {LayoutMath.MaxRank} are supported");
        var shape = ImmutableArray.CreateBuilder<int>(lengths.Count);
        foreach (object? item in lengths)
        {
            BigInteger length = TreeInterfaceReader.IntegerOf(item)
                ?? throw new TensorFormatException($"{here} has the length {LiteralText.Describe(item)}; it must be an integer", isWrongType: true);
            if (length < 0 || length > DType.MaxItemSize)
                throw new TensorFormatException($"{here} has the length {LiteralText.Describe(item)}; lengths of sub-arrays are 0 to {DType.MaxItemSize}");
            shape.Add((int)length);
        }

        return shape.MoveToImmutable();
    }

    private static long SizeOf(DType type, ImmutableArray<int> shape, string here)
    {
        Int128 size = type.ItemSize;
        foreach (int length in shape)
        {
            size *= length;
            if (size > DType.MaxItemSize)
                throw new TensorFormatException($"{here} has a sub-array of more than {DType.MaxItemSize} bytes");
        }

        return (long)size;
    }

    private static List<object?> WriteField(RecordField field)
    {
        object name = field.Title is { } title ? new PythonTuple([title, field.Name]) : field.Name;
        object type = field.Type.IsRecord && IsSequential(field.Type) ? Write(field.Type) : field.Type.TypeString;
        return field.Shape.IsEmpty
            ? [name, type]
            : [name, type, new PythonTuple([.. field.Shape.Select(length => (object?)(long)length)])];
    }

    private static void AppendPadding(List<object?> items, int size)
    {
        if (size > 0)
            items.Add(new PythonTuple([string.Empty, $"|V{size}"]));
    }
}
