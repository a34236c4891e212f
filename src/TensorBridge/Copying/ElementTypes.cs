namespace TensorBridge.Copying;

/// <summary>Sizes, names and components of <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element; 0 for opaque items.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Boolean or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        ElementType.None => 0,
        ElementType.Complex128 => 16,
        _ => 8,
    };

    /// <summary>Bytes of the component that carries a byte order: half of a complex element, else the whole.</summary>
    public static int ComponentSize(this ElementType type) => type is ElementType.Complex64 or ElementType.Complex128 ? type.Size() / 2 : type.Size();

    /// <summary>The name NumPy gives the type.</summary>
    public static string Name(this ElementType type) => type switch
    {
        ElementType.None => "opaque",
        ElementType.Boolean => "bool",
        _ => type.ToString().ToLowerInvariant(),
    };
}
