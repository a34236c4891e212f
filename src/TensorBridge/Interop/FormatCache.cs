using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TensorBridge.Protocols;

namespace TensorBridge.Interop;

/// <summary>Element types by buffer format, so that an import of a known format neither parses nor allocates.</summary>
internal static unsafe class FormatCache
{
    // Longer or further formats are parsed every time: they come from foreign input and must not fill memory.
    private const int Capacity = 4096;
    private const int MaxCachedLength = 512;

    private static readonly DType?[] NativeCodes = BuildCodes(string.Empty);
    private static readonly DType?[] LittleCodes = BuildCodes("<");
    private static readonly DType?[] BigCodes = BuildCodes(">");
    private static readonly ConcurrentDictionary<byte[], DType> Others = new(FormatComparer.Instance);
    private static readonly ConcurrentDictionary<byte[], DType>.AlternateLookup<ReadOnlySpan<byte>> ByText = Others.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The type of a zero-terminated format; NULL means <c>B</c>.</summary>
    /// <exception cref="TensorFormatException">The format is malformed or of another size.</exception>
    /// <exception cref="TensorUnsupportedException">The format means pointers, objects or long double.</exception>
    public static DType Get(byte* format, long itemSize)
    {
        if (format is null)
            return itemSize == 1 ? DType.UInt8 : BufferFormat.Parse("B"u8, itemSize);
        DType? type = null;
        if (format[0] is > 0 and < 128)
        {
            if (format[1] == 0)
                type = NativeCodes[format[0]];
            else if (format[1] < 128 && format[2] == 0)
                type = format[0] switch { (byte)'<' or (byte)'=' => LittleCodes[format[1]], (byte)'>' or (byte)'!' => BigCodes[format[1]], (byte)'@' => NativeCodes[format[1]], _ => null };
        }

        return type is not null && type.ItemSize == itemSize ? type : GetOther(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(format), itemSize);
    }

    // The size that a format was accepted for is that of its type, so the text alone is the key.
    private static DType GetOther(ReadOnlySpan<byte> format, long itemSize)
    {
        if (ByText.TryGetValue(format, out DType? known) && known.ItemSize == itemSize)
            return known;
        DType type = BufferFormat.Parse(format, itemSize);
        if (format.Length <= MaxCachedLength && Others.Count < Capacity)
            Others[format.ToArray()] = type;
        return type;
    }

    private static DType?[] BuildCodes(string mark)
    {
        var types = new DType?[128];
        foreach (char code in "?bBhHiIlLqQefd")
        {
            byte[] format = System.Text.Encoding.ASCII.GetBytes(mark + code);
            bool isStandardLong = mark.Length > 0 && code is 'l' or 'L' && mark.Length > 0;
            int size = code switch { '?' or 'b' or 'B' => 1, 'h' or 'H' or 'e' => 2, 'i' or 'I' or 'f' => 4, _ => isStandardLong ? 4 : 8 };
            types[code] = BufferFormat.Parse(format, size);
        }

        return types;
    }
}
