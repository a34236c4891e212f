using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace TensorBridge.Protocols;

/// <summary>Turns a .NET dictionary into the vocabulary of <see cref="PythonLiteral"/>.</summary>
/// <remarks>
/// Integers of any width, arrays, lists and tuples are taken as what Python would write; <c>JsonElement</c> as its text.
/// <c>data</c> may also be a <c>byte[]</c>, <c>Memory&lt;byte&gt;</c> or <c>ReadOnlyMemory&lt;byte&gt;</c>, which is pinned.
/// Keys that no interface defines are not looked at.
/// </remarks>
internal static class DictionaryConverter
{
    private const int MaxItems = 1 << 20;

    /// <summary>Converts the known keys.</summary>
    /// <param name="dictionary">The caller's dictionary.</param>
    /// <param name="pin">Holds the memory of a buffer under <c>data</c>; the caller disposes it.</param>
    /// <exception cref="TensorFormatException">Values nest too deep, or hold too many items.</exception>
    public static Dictionary<string, object?> Convert(IReadOnlyDictionary<string, object?> dictionary, out MemoryHandle pin)
    {
        var tree = new Dictionary<string, object?>(StringComparer.Ordinal);
        pin = default;
        foreach (string key in (ReadOnlySpan<string>)["mask", "version", "typestr", "descr", "shape", "strides", "offset", "stream"])
        {
            if (dictionary.TryGetValue(key, out object? value))
                tree[key] = ConvertValue(value, 0);
        }

        if (dictionary.TryGetValue("data", out object? data))
            tree["data"] = ConvertData(data, out pin);
        return tree;
    }

    private static object? ConvertData(object? value, out MemoryHandle pin)
    {
        pin = default;
        (ReadOnlyMemory<byte> Memory, bool IsReadOnly) buffer;
        switch (value)
        {
            case byte[] bytes:
                buffer = (bytes, false);
                break;
            case Memory<byte> memory:
                buffer = (memory, false);
                break;
            case ReadOnlyMemory<byte> memory:
                buffer = (memory, true);
                break;
            default:
                return ConvertValue(value, 0);
        }

        pin = buffer.Memory.Pin();
        unsafe
        {
            return new BufferValue((ulong)pin.Pointer, buffer.Memory.Length, buffer.IsReadOnly);
        }
    }

    private static object? ConvertValue(object? value, int depth)
    {
        if (depth >= LiteralReader.MaxDepth)
            throw new TensorFormatException($"the values of the dictionary nest deeper than {LiteralReader.MaxDepth}");
        return value switch
        {
            null or bool or string or long or PythonTuple or BufferValue or byte[] => value,
            sbyte or byte or short or ushort or int or uint => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
            nint number => (long)number,
            ulong number => Normalize(number),
            nuint number => Normalize((ulong)number),
            Int128 number => Normalize(number),
            UInt128 number => Normalize(number),
            BigInteger number => Normalize(number),
            float or double or decimal => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
            JsonElement json => PythonLiteral.Parse(Encoding.UTF8.GetBytes(json.GetRawText()), allowTags: false, out _),
            ITuple tuple => new PythonTuple(ConvertItems(Items(tuple), depth)),
            IDictionary => new ForeignValue(value.GetType().ToString()),
            IEnumerable items => ConvertItems(items, depth),
            _ => new ForeignValue(value.GetType().ToString()),
        };
    }

    private static List<object?> ConvertItems(IEnumerable items, int depth)
    {
        var converted = new List<object?>();
        foreach (object? item in items)
        {
            if (converted.Count == MaxItems)
                throw new TensorFormatException($"a value of the dictionary has more than {MaxItems} items");
            converted.Add(ConvertValue(item, depth + 1));
        }

        return converted;
    }

    private static IEnumerable<object?> Items(ITuple tuple)
    {
        for (int i = 0; i < tuple.Length; i++)
            yield return tuple[i];
    }

    private static object Normalize(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (long)number : (object)number;
}
