using System.Collections.Frozen;

namespace TensorBridge.Python.Operations;

/// <summary>Element types by any spelling that users of NumPy write.</summary>
internal static class ElementTypeNames
{
    private static readonly FrozenDictionary<string, DType> Names = Build();

    /// <summary>Reads a typestr (<c>&lt;f4</c>), a name (<c>float32</c>, <c>datetime64[ns]</c>), or a library's name (<c>torch.float32</c>).</summary>
    /// <exception cref="TensorFormatException">No element type is spelt so.</exception>
    public static DType Parse(string text)
    {
        if (text.Length > 0 && text[0] is '<' or '>' or '|' or '=')
            return DType.Parse(text);
        string name = text[(text.LastIndexOf('.') + 1)..];
        if (Names.TryGetValue(name, out DType? known))
            return known;
        if (name.StartsWith("datetime64", StringComparison.Ordinal))
            return DType.Parse("<M8" + name["datetime64".Length..]);
        if (name.StartsWith("timedelta64", StringComparison.Ordinal))
            return DType.Parse("<m8" + name["timedelta64".Length..]);
        return DType.FromName(text);
    }

    private static FrozenDictionary<string, DType> Build()
    {
        var names = new Dictionary<string, DType>(StringComparer.Ordinal);
        foreach (DType type in Interop.DTypeTable.Fixed)
            names.TryAdd(type.Name, type);
        foreach (ElementKind kind in Enum.GetValues<ElementKind>().Where(kind => kind >= ElementKind.Float8E3M4))
        {
            DType type = DType.SmallFloat(kind, packed: false);
            names.TryAdd(type.Name, type);
        }

        names["bool_"] = DType.Boolean;
        names["half"] = DType.Float16;
        names["single"] = DType.Float32;
        names["double"] = DType.Float64;
        names["float"] = DType.Float64;
        names["int"] = DType.Int64;
        names["complex"] = DType.Complex128;
        names["csingle"] = DType.Complex64;
        names["cdouble"] = DType.Complex128;
        names["byte"] = DType.Int8;
        names["ubyte"] = DType.UInt8;
        names["short"] = DType.Int16;
        names["ushort"] = DType.UInt16;
        names["intc"] = DType.Int32;
        names["uintc"] = DType.UInt32;
        names["longlong"] = DType.Int64;
        names["ulonglong"] = DType.UInt64;
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
