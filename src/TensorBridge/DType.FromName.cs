using System.Collections.Frozen;

namespace TensorBridge;

public sealed partial class DType
{
    private static readonly FrozenDictionary<string, DType> NamedTypes = BuildNamedTypes();

    /// <summary>Reads any spelling that NumPy takes for a type: <c>float32</c>, <c>f4</c>, <c>&gt;f4</c>, <c>d</c>, <c>int</c>, <c>datetime64[ns]</c>, <c>U5</c>, <c>bfloat16</c>.</summary>
    /// <param name="name">
    /// A name as <see cref="Name"/> gives it, one of NumPy's aliases and one-letter codes, or a typestr with or without its
    /// byte order. A prefix <c>numpy.</c> or <c>torch.</c> is passed over.
    /// </param>
    /// <exception cref="TensorFormatException">No type has the name (<see cref="TensorFormatException.IsWrongType"/> is true).</exception>
    /// <exception cref="TensorUnsupportedException">The name means object pointers or long double.</exception>
    public static DType FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name;
        foreach (string prefix in (ReadOnlySpan<string>)["numpy.", "torch."])
        {
            if (plain.StartsWith(prefix, StringComparison.Ordinal))
                plain = plain[prefix.Length..];
        }

        bool hasOrder = plain.Length > 0 && plain[0] is '<' or '>' or '=' or '|';
        string body = hasOrder ? plain[1..] : plain;
        ByteOrder order = hasOrder && plain[0] == '>' ? ByteOrder.Big : ByteOrder.Little;
        if (NamedTypes.TryGetValue(body, out DType? type))
            return order == ByteOrder.Big ? type.WithByteOrder(order) : type;
        string typestr = ExpandName(body) ?? body;
        try
        {
            return Parse(hasOrder ? plain[0] + typestr : "=" + typestr);
        }
        catch (TensorFormatException error)
        {
            throw new TensorFormatException($"'{name}' names no element type; examples are float32, f4, >i8, bool, complex64, datetime64[ns], U5, bfloat16 ({error.Message})", isWrongType: true);
        }
    }

    // datetime64[ns] -> M8[ns], timedelta64 -> m8, str5 -> U5, bytes5 -> S5, void16 (bits) -> V2.
    private static string? ExpandName(string body)
    {
        foreach ((string longName, string kind) in ((string, string)[])[("datetime64", "M8"), ("timedelta64", "m8"), ("bytes", "S"), ("str", "U")])
        {
            if (body.StartsWith(longName, StringComparison.Ordinal))
                return kind + body[longName.Length..];
        }

        bool isVoid = body.StartsWith("void", StringComparison.Ordinal) && long.TryParse(body.AsSpan(4), System.Globalization.NumberStyles.None, null, out long bits) && bits % 8 == 0;
        return isVoid ? $"V{long.Parse(body.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture) / 8}" : body is "M" or "m" ? body + "8" : null;
    }

    private static FrozenDictionary<string, DType> BuildNamedTypes()
    {
        var names = new Dictionary<string, DType>(StringComparer.Ordinal);
        Add(Boolean, "?", "bool_", "bool8");
        Add(Int8, "b", "byte");
        Add(Int16, "h", "short");
        Add(Int32, "i", "intc");
        Add(Int64, "l", "q", "p", "n", "int", "int_", "intp", "long", "longlong");
        Add(UInt8, "B", "ubyte");
        Add(UInt16, "H", "ushort");
        Add(UInt32, "I", "uintc");
        Add(UInt64, "L", "Q", "P", "N", "uint", "uintp", "ulong", "ulonglong");
        Add(Float16, "e", "half");
        Add(Float32, "f", "single");
        Add(Float64, "d", "double", "float", "float_");
        Add(BFloat16);
        Add(Complex32, "chalf");
        Add(Complex64, "F", "csingle", "cfloat");
        Add(Complex128, "D", "cdouble", "complex", "complex_");
        for (ElementKind kind = ElementKind.Float8E3M4; kind <= ElementKind.Float4E2M1FN; kind++)
            Add(SmallFloat(kind));
        return names.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(DType type, params ReadOnlySpan<string> aliases)
        {
            names.Add(type.Name, type);
            foreach (string alias in aliases)
                names.Add(alias, type);
        }
    }
}
