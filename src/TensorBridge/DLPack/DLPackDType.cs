namespace TensorBridge.DLPack;

/// <summary>Translates element types between DLPack and TensorBridge, both ways.</summary>
/// <remarks>
/// DLPack is always in native byte order and knows no records, strings or dates. The 8-, 6- and 4-bit floats
/// are carried. Codes 7 to 17 lie in the same order as the kinds from <see cref="ElementKind.Float8E3M4"/> on.
/// </remarks>
internal static class DLPackDType
{
    private const int FirstSmallFloat = (int)DLDataTypeCode.kDLFloat8_e3m4;
    private const int LastSmallFloat = (int)DLDataTypeCode.kDLFloat4_e2m1fn;

    private static readonly DType[] Packed = [.. SmallFloatKinds().Select(kind => DType.SmallFloat(kind, packed: true))];
    private static readonly DType[] Padded = [.. SmallFloatKinds().Select(kind => DType.SmallFloat(kind, packed: false))];

    /// <summary>The element type that a tensor declares.</summary>
    /// <param name="type">Code, bits and lanes.</param>
    /// <param name="isPadded">True when elements of fewer than 8 bits take a byte each.</param>
    /// <exception cref="TensorUnsupportedException">Lanes other than 1, an unknown code, a width the code does not have, or an opaque handle.</exception>
    public static DType FromDLPack(DLDataType type, bool isPadded)
    {
        if (type.lanes != 1)
            throw new TensorUnsupportedException($"dtype.lanes is {type.lanes}: short vectors are not supported; give {Describe(type)} one lane and the tensor one axis more");
        return type.code is >= FirstSmallFloat and <= LastSmallFloat
            ? SmallFloat(type, isPadded)
            : Plain(type) ?? throw Unknown(type);
    }

    /// <summary>Code, bits and lanes of an element type.</summary>
    /// <exception cref="TensorUnsupportedException">DLPack cannot say this type.</exception>
    public static DLDataType ToDLPack(DType type)
    {
        if (!type.IsNativeOrder)
            throw new TensorUnsupportedException($"DLPack has no byte order other than the native one, got {type}; copy it to native order first");
        DLDataTypeCode code = type.Kind switch
        {
            ElementKind.Boolean => DLDataTypeCode.kDLBool,
            ElementKind.SignedInteger => DLDataTypeCode.kDLInt,
            ElementKind.UnsignedInteger => DLDataTypeCode.kDLUInt,
            ElementKind.Float => DLDataTypeCode.kDLFloat,
            ElementKind.BrainFloat => DLDataTypeCode.kDLBfloat,
            ElementKind.Complex => DLDataTypeCode.kDLComplex,
            >= ElementKind.Float8E3M4 and <= ElementKind.Float4E2M1FN => DLDataTypeCode.kDLFloat8_e3m4 + (type.Kind - ElementKind.Float8E3M4),
            _ => throw new TensorUnsupportedException($"DLPack has no type for {type}: it knows bool, integers, floats and complex numbers; reinterpret it, or select a field"),
        };
        return new DLDataType { code = (byte)code, bits = (byte)type.Bits, lanes = 1 };
    }

    private static DType? Plain(DLDataType type) => ((DLDataTypeCode)type.code, type.bits) switch
    {
        (DLDataTypeCode.kDLInt, 8) => DType.Int8,
        (DLDataTypeCode.kDLInt, 16) => DType.Int16,
        (DLDataTypeCode.kDLInt, 32) => DType.Int32,
        (DLDataTypeCode.kDLInt, 64) => DType.Int64,
        (DLDataTypeCode.kDLUInt, 8) => DType.UInt8,
        (DLDataTypeCode.kDLUInt, 16) => DType.UInt16,
        (DLDataTypeCode.kDLUInt, 32) => DType.UInt32,
        (DLDataTypeCode.kDLUInt, 64) => DType.UInt64,
        (DLDataTypeCode.kDLFloat, 16) => DType.Float16,
        (DLDataTypeCode.kDLFloat, 32) => DType.Float32,
        (DLDataTypeCode.kDLFloat, 64) => DType.Float64,
        (DLDataTypeCode.kDLBfloat, 16) => DType.BFloat16,
        (DLDataTypeCode.kDLComplex, 32) => DType.Complex32,
        (DLDataTypeCode.kDLComplex, 64) => DType.Complex64,
        (DLDataTypeCode.kDLComplex, 128) => DType.Complex128,
        (DLDataTypeCode.kDLBool, 8) => DType.Boolean,
        _ => null,
    };

    private static DType SmallFloat(DLDataType type, bool isPadded)
    {
        DType known = (isPadded ? Padded : Packed)[type.code - FirstSmallFloat];
        return type.bits == known.Bits ? known : throw Unknown(type);
    }

    private static TensorUnsupportedException Unknown(DLDataType type) =>
        new($"dtype {Describe(type)} is not supported; known are int and uint 8 to 64, float 16 to 64, bfloat 16, complex 32 to 128, bool 8, and the floats of 8, 6 and 4 bits at their own width");

    private static string Describe(DLDataType type)
    {
        var code = (DLDataTypeCode)type.code;
        string name = Enum.IsDefined(code) ? code.ToString() : "code unknown to DLPack 1.3";
        return $"(code {type.code} = {name}, bits {type.bits})";
    }

    private static IEnumerable<ElementKind> SmallFloatKinds() =>
        Enumerable.Range(0, LastSmallFloat - FirstSmallFloat + 1).Select(i => (ElementKind)((int)ElementKind.Float8E3M4 + i));
}
