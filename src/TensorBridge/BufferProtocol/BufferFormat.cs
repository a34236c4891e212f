using System.Collections.Immutable;
using System.Text;

namespace TensorBridge.Protocols;

/// <summary>Reads and writes element formats of the buffer protocol (PEP 3118): <c>d</c>, <c>&gt;q</c>, <c>Zf</c>, <c>T{B:a:7x&lt;d:b:}</c>.</summary>
/// <remarks>
/// <code>
/// format  = item+                                   more than one item: a record with the fields f0, f1, …
/// item    = [mark] ['(' n {',' n} ')'] [mark] [count] code [':' name ':']
/// mark    = '@' native sizes and alignment | '^' native sizes | '=' '&lt;' '&gt;' '!' standard sizes
/// code    = '?' b B h H i I l L q Q n N e f d Zf Zd F D c s w x | 'T{' item* '}'
/// </code>
/// A mark holds until the next one, also beyond a closing brace, as in NumPy. The size of the whole must be the
/// buffer's item size: <c>l</c> has two sizes, and this is where a wrong guess would show.
/// </remarks>
public static class BufferFormat
{
    /// <summary>The longest format that is read, in bytes.</summary>
    public const int MaxLength = 1 << 16;

    /// <summary>How deep records may nest.</summary>
    public const int MaxDepth = 32;

    /// <summary>Reads a format.</summary>
    /// <param name="format">The text, without a terminator.</param>
    /// <param name="itemSize">Bytes of one element as the buffer states them.</param>
    /// <exception cref="TensorFormatException">The format is malformed, unknown, or of another size.</exception>
    /// <exception cref="TensorUnsupportedException">The format means pointers, objects, bit fields or long double.</exception>
    public static DType Parse(string format, long itemSize)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Parse(Encoding.UTF8.GetBytes(format), itemSize);
    }

    /// <inheritdoc cref="Parse(string, long)"/>
    public static DType Parse(ReadOnlySpan<byte> format, long itemSize)
    {
        if (format.Length > MaxLength)
            throw new TensorFormatException($"the buffer's format has {format.Length} bytes; at most {MaxLength} are read");

        // NumPy spells all padding out, C compilers (and PEP 3118) leave it to the alignment: the item size tells.
        var written = new BufferFormatReader(format, paddingIsWritten: true);
        DType type = written.ReadAll(out int alignment, out long repeats);
        if (!written.HasMisaligned && Fits(ref type, itemSize, alignment, repeats))
            return type;
        type = new BufferFormatReader(format, paddingIsWritten: false).ReadAll(out _, out _);
        if (type.ItemSize == itemSize)
            return type;
        throw new TensorFormatException($"the buffer's format '{Shorten(format)}' describes {type.ItemSize} bytes, its item size is {itemSize}; where the exporter has it, __array_interface__ says the type in full");
    }

    /// <summary>Writes the format of a type, in the spelling that NumPy and memoryview read.</summary>
    /// <returns>
    /// Null where PEP 3118 can't say it: dates, packed or complex32 elements, records whose fields overlap or are out of
    /// order, field names with a colon. bfloat16 and the 8-bit floats go out as opaque bytes.
    /// </returns>
    public static string? Format(DType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var text = new StringBuilder();
        return BufferFormatWriter.TryWrite(text, type) ? text.ToString() : null;
    }

    /// <summary>The format as messages show it.</summary>
    internal static string Shorten(ReadOnlySpan<byte> format) =>
        format.Length <= 80 ? Encoding.UTF8.GetString(format) : Encoding.UTF8.GetString(format[..80]) + "…";

    // Records often end on a multiple of their alignment, which exporters leave unsaid.
    private static bool Fits(ref DType type, long itemSize, int alignment, long repeats)
    {
        if (type.ItemSize == itemSize)
            return true;
        if (repeats > 0 && itemSize - type.ItemSize >= repeats)
            return false;
        if (!type.IsRecord || alignment <= 1 || itemSize != ((long)type.ItemSize + alignment - 1) / alignment * alignment)
            return false;
        type = DType.Record((int)itemSize, ImmutableArray.Create(type.Fields.AsSpan()));
        return true;
    }
}
