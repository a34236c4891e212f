using System.Collections.Frozen;

namespace TensorBridge;

/// <summary>The names under which NumPy and its companions know the element types.</summary>
internal static class DTypeNames
{
    /// <summary>Types by full name, alias and one-letter code, in little-endian order.</summary>
    public static FrozenDictionary<string, DType> ByName { get; } = BuildNames();

    /// <summary>The typestr without its order that a long name stands for, or null: datetime64[ns] is M8[ns], str5 is U5, void16 (bits) is V2.</summary>
    public static string? Expand(string body)
    {
        foreach ((string longName, string kind) in ((string, string)[])[("datetime64", "M8"), ("timedelta64", "m8"), ("bytes", "S"), ("str", "U")])
        {
            if (body.StartsWith(longName, StringComparison.Ordinal))
                return kind + body[longName.Length..];
        }

        bool isVoid = body.StartsWith("void", StringComparison.Ordinal) && long.TryParse(body.AsSpan(4), System.Globalization.NumberStyles.None, null, out long bits) && bits % 8 == 0;
        return isVoid ? $"V{long.Parse(body.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture) / 8}" : body is "M" or "m" ? body + "8" : null;
    }

    private static FrozenDictionary<string, DType> BuildNames()
    {
        var names = new Dictionary<string, DType>(StringComparer.Ordinal);
        Add(DType.Boolean, "?", "bool_", "bool8");
        Add(DType.Int8, "b", "byte");
        Add(DType.Int16, "h", "short");
        Add(DType.Int32, "i", "intc");
        Add(DType.Int64, "l", "q", "p", "n", "int", "int_", "intp", "long", "longlong");
        Add(DType.UInt8, "B", "ubyte");
        Add(DType.UInt16, "H", "ushort");
        Add(DType.UInt32, "I", "uintc");
        Add(DType.UInt64, "L", "Q", "P", "N", "uint", "uintp", "ulong", "ulonglong");
        Add(DType.Float16, "e", "half");
        Add(DType.Float32, "f", "single");
        Add(DType.Float64, "d", "double", "float", "float_");
        Add(DType.BFloat16);
        Add(DType.Complex32, "chalf");
        Add(DType.Complex64, "F", "csingle", "cfloat");
        Add(DType.Complex128, "D", "cdouble", "complex", "complex_");
        for (ElementKind kind = ElementKind.Float8E3M4; kind <= ElementKind.Float4E2M1FN; kind++)
            Add(DType.SmallFloat(kind));
        return names.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(DType type, params ReadOnlySpan<string> aliases)
        {
            names.Add(type.Name, type);
            foreach (string alias in aliases)
                names.Add(alias, type);
        }
    }
}
