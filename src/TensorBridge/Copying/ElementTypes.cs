using System.Numerics;

namespace TensorBridge.Copying;

/// <summary>Sizes, names and components of <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element; 0 for opaque items.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Boolean or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 or ElementType.Complex32 => 4,
        ElementType.None => 0,
        ElementType.Complex128 => 16,
        _ => 8,
    };

    /// <summary>Bytes of the component that carries a byte order: half of a complex element, else the whole.</summary>
    public static int ComponentSize(this ElementType type) => type.IsComplex() ? type.Size() / 2 : type.Size();

    /// <summary>True for the types with an imaginary part.</summary>
    public static bool IsComplex(this ElementType type) => type is ElementType.Complex32 or ElementType.Complex64 or ElementType.Complex128;

    /// <summary>The element type a cast sees in items of a <see cref="DType"/>, whatever their byte order; <see cref="ElementType.None"/> for opaque items.</summary>
    public static ElementType Of(DType type) => type.Kind switch
    {
        ElementKind.Boolean => ElementType.Boolean,
        ElementKind.SignedInteger => (ElementType)((int)ElementType.Int8 + BitOperations.Log2((uint)type.ItemSize)),
        ElementKind.UnsignedInteger => (ElementType)((int)ElementType.UInt8 + BitOperations.Log2((uint)type.ItemSize)),
        ElementKind.Float => type.ItemSize == 2 ? ElementType.Float16 : type.ItemSize == 4 ? ElementType.Float32 : ElementType.Float64,
        ElementKind.BrainFloat => ElementType.BFloat16,
        ElementKind.Complex => type.ItemSize == 4 ? ElementType.Complex32 : type.ItemSize == 8 ? ElementType.Complex64 : ElementType.Complex128,
        ElementKind.DateTime => ElementType.DateTime64,
        ElementKind.TimeDelta => ElementType.TimeDelta64,
        _ => ElementType.None,
    };

    /// <summary>The name NumPy gives the type.</summary>
    public static string Name(this ElementType type) => type switch
    {
        ElementType.None => "opaque",
        ElementType.Boolean => "bool",
        _ => type.ToString().ToLowerInvariant(),
    };
}
