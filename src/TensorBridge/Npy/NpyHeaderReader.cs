using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using TensorBridge.Protocols;

namespace TensorBridge;

/// <summary>Reads the header of a .npy file; everything in it is foreign input.</summary>
internal static class NpyHeaderReader
{
    private const int PrefixLength = 8;

    /// <summary>The first six bytes of every .npy file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header that starts where the stream stands.</summary>
    /// <param name="stream">The stream; it is left at the first byte of the data.</param>
    /// <param name="name">What to call the stream in messages.</param>
    public static NpyHeader Read(Stream stream, string name)
    {
        try
        {
            return Read(stream);
        }
        catch (TensorFormatException error)
        {
            throw new TensorFormatException($"{name}: {error.Message}", error.IsWrongType);
        }
        catch (TensorUnsupportedException error)
        {
            throw new TensorUnsupportedException($"{name}: {error.Message}");
        }
        catch (OverflowException error)
        {
            throw new OverflowException($"{name}: {error.Message}", error);
        }
    }

    private static NpyHeader Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength + 4];
        int version = ReadVersion(stream, prefix[..PrefixLength]);
        Span<byte> lengthBytes = prefix.Slice(PrefixLength, version == 1 ? 2 : 4);
        Fill(stream, lengthBytes, "the length of the header");
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        CheckLength(stream, length);
        var text = new byte[length];
        Fill(stream, text, $"the header of {length} bytes");
        return Interpret(text, version, PrefixLength + lengthBytes.Length + length);
    }

    private static int ReadVersion(Stream stream, Span<byte> prefix)
    {
        Fill(stream, prefix, "the magic bytes and the version");
        if (!prefix.StartsWith(Magic))
            throw new TensorFormatException(prefix.StartsWith("PK"u8)
                ? "a zip archive, as .npz files are; unpack it and read the .npy files inside"
                : $"not a .npy file: it starts with {Convert.ToHexString(prefix[..Magic.Length])}, not with 934E554D5059 (\\x93NUMPY)");
        return prefix[6..] switch
        {
            [>= 1 and <= 3, 0] => prefix[6],
            _ => throw new TensorUnsupportedException($"the format version is {prefix[6]}.{prefix[7]}; versions 1.0, 2.0 and 3.0 are known"),
        };
    }

    // Nothing is allocated on the word of the file alone.
    private static void CheckLength(Stream stream, uint length)
    {
        if (length > LiteralReader.MaxLength)
            throw new TensorFormatException($"the header length is {length} bytes; at most {LiteralReader.MaxLength} are read");
        if (stream.CanSeek && length > stream.Length - stream.Position)
            throw new TensorFormatException($"the header length is {length} bytes, but only {stream.Length - stream.Position} follow: the file is cut short or damaged");
    }

    private static void Fill(Stream stream, Span<byte> bytes, string what)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw new TensorFormatException($"ends after {read} of {bytes.Length} bytes of {what}: the file is cut short or no .npy file");
    }

    private static NpyHeader Interpret(byte[] text, int version, long dataOffset)
    {
        ReadOnlySpan<byte> utf8 = version == 3 ? text : FromLatin1(text);
        CheckKeys(utf8);
        if (PythonLiteral.Parse(utf8, allowTags: false, out _) is not Dictionary<string, object?> header)
            throw new TensorFormatException("the header is no dictionary with the keys 'descr', 'fortran_order' and 'shape'", isWrongType: true);
        DType type = ReadType(Take(header, "descr"));
        bool isFortran = ReadOrder(Take(header, "fortran_order"));
        long[] shape = ReadShape(Take(header, "shape"));
        if (header.Count > 0)
            throw new TensorFormatException($"the header has the key '{header.Keys.First()}'; its keys are 'descr', 'fortran_order' and 'shape', and no other");
        Order order = isFortran ? Order.F : Order.C;
        return new NpyHeader(version, type, Layout.Contiguous(shape, type.ItemSize, order), order, dataOffset);
    }

    private static object? Take(Dictionary<string, object?> header, string key) => header.Remove(key, out object? value)
        ? value
        : throw new TensorFormatException($"the header has no key '{key}'; it must have 'descr', 'fortran_order' and 'shape'");

    // Keys that are no strings are dropped by the parser, but no header of NumPy's has them.
    private static void CheckKeys(ReadOnlySpan<byte> utf8)
    {
        var reader = new LiteralReader(utf8, allowTags: false);
        while (reader.Read() is var token && token != LiteralToken.End)
        {
            if (reader.IsKey && token != LiteralToken.String)
                throw reader.ErrorHere("a key of the header is no string");
        }
    }

    private static DType ReadType(object? descr)
    {
        try
        {
            return descr switch
            {
                string typestr => TypeStringCache.Get(typestr),
                List<object?> fields => RecordDescription.Read(fields, "'descr'"),
                PythonTuple => throw new TensorUnsupportedException($"'descr' is {LiteralText.Describe(descr)}, a sub-array type, which NumPy itself writes as further axes; load the file in NumPy and save it again"),
                _ => throw new TensorFormatException($"'descr' is {LiteralText.Describe(descr)}; it must be a typestr or a list of fields", isWrongType: true),
            };
        }
        catch (TensorUnsupportedException error) when (!error.Message.Contains("'descr'", StringComparison.Ordinal))
        {
            throw new TensorUnsupportedException($"'descr': {error.Message}");
        }
        catch (TensorFormatException error) when (!error.Message.Contains("'descr'", StringComparison.Ordinal))
        {
            throw new TensorFormatException($"'descr': {error.Message}", error.IsWrongType);
        }
    }

    private static bool ReadOrder(object? value) => value as bool?
        ?? throw new TensorFormatException($"'fortran_order' is {LiteralText.Describe(value)}; it must be True or False", isWrongType: true);

    private static long[] ReadShape(object? value)
    {
        if (value is not PythonTuple tuple)
            throw new TensorFormatException($"'shape' is {LiteralText.Describe(value)}; it must be a tuple of integers, such as (3, 4)", isWrongType: true);
        if (tuple.Count > Layout.MaxRank)
            throw new TensorFormatException($"'shape' has {tuple.Count} entries; at most {Layout.MaxRank} axes are supported");
        var shape = new long[tuple.Count];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = tuple[axis] switch
            {
                long length when length >= 0 => length,
                long length => throw new TensorFormatException($"'shape' entry {axis} is {length}; lengths are 0 or more"),
                BigInteger => throw new OverflowException($"'shape' entry {axis} is {LiteralText.Describe(tuple[axis])}, beyond a 64-bit integer"),
                _ => throw new TensorFormatException($"'shape' entry {axis} is {LiteralText.Describe(tuple[axis])}; entries must be integers", isWrongType: true),
            };
        }

        return shape;
    }

    // Versions 1 and 2 are Latin-1, and Python 2 wrote long integers as 3L.
    private static byte[] FromLatin1(byte[] text)
    {
        var kept = new StringBuilder(text.Length);
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            var next = (char)text[i];
            if (quote == '\0' && next == 'L' && i > 0 && char.IsAsciiDigit((char)text[i - 1]))
                continue;
            kept.Append(next);
            if (quote != '\0' && next == '\\' && i + 1 < text.Length)
                kept.Append((char)text[++i]);
            else if (next == quote)
                quote = '\0';
            else if (quote == '\0' && next is '\'' or '"')
                quote = next;
        }

        return Encoding.UTF8.GetBytes(kept.ToString());
    }
}
