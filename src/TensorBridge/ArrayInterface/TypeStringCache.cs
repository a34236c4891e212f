using System.Text;

namespace TensorBridge.Protocols;

/// <summary>Element types by their UTF-8 typestr, without allocation for the types of every day.</summary>
internal static class TypeStringCache
{
    private static readonly DType?[] ShortTypes = BuildShortTypes();

    /// <summary>The type that a typestr names.</summary>
    /// <exception cref="TensorFormatException">The text is not a typestr.</exception>
    /// <exception cref="TensorUnsupportedException">It names a type without a safe reading.</exception>
    public static DType Get(ReadOnlySpan<byte> typestr)
    {
        int index = ShortIndex(typestr);
        return index >= 0 && ShortTypes[index] is { } type ? type : TypeString.Parse(Encoding.UTF8.GetString(typestr));
    }

    /// <inheritdoc cref="Get(ReadOnlySpan{byte})"/>
    public static DType Get(string typestr)
    {
        Span<byte> ascii = stackalloc byte[3];
        return typestr.Length == 3 && Ascii.FromUtf16(typestr, ascii, out _) == System.Buffers.OperationStatus.Done ? Get(ascii) : TypeString.Parse(typestr);
    }

    // Three characters, "<f4": order (4) x kind (32 letters, lower case only) x digit (10).
    private static int ShortIndex(ReadOnlySpan<byte> typestr)
    {
        if (typestr.Length != 3)
            return -1;
        int order = typestr[0] switch { (byte)'<' => 0, (byte)'>' => 1, (byte)'|' => 2, (byte)'=' => 3, _ => -1 };
        uint kind = (uint)(typestr[1] - 'a');
        uint digit = (uint)(typestr[2] - '0');
        return order < 0 || kind >= 26 || digit > 9 ? -1 : (((order * 32) + (int)kind) * 10) + (int)digit;
    }

    private static DType?[] BuildShortTypes()
    {
        var types = new DType?[4 * 32 * 10];
        foreach (string body in (ReadOnlySpan<string>)["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8"])
        {
            foreach (char order in "<>|=")
            {
                string typestr = order + body;
                types[ShortIndex(Encoding.ASCII.GetBytes(typestr))] = TypeString.Parse(typestr);
            }
        }

        return types;
    }
}
