using TensorBridge.Protocols;

namespace TensorBridge;

public sealed partial class DType
{
    private string? _typeString;

    /// <summary>The typestr of the array interface, <c>&lt;f4</c>; types without one are opaque items (<c>&lt;V2</c>, <c>|V1</c>).</summary>
    public string TypeString => _typeString ??= Protocols.TypeString.Format(this);

    /// <summary>
    /// The name in NumPy's spelling: <c>float32</c>, <c>datetime64[ns]</c>, <c>str5</c>; ml_dtypes' spelling for the
    /// types NumPy does not have. The byte order is not part of a name.
    /// </summary>
    public string Name => Kind switch
    {
        ElementKind.Boolean => "bool",
        ElementKind.SignedInteger => $"int{Bits}",
        ElementKind.UnsignedInteger => $"uint{Bits}",
        ElementKind.Float => $"float{Bits}",
        ElementKind.BrainFloat => "bfloat16",
        ElementKind.Complex => $"complex{Bits}",
        ElementKind.DateTime => $"datetime64{Unit}",
        ElementKind.TimeDelta => $"timedelta64{Unit}",
        ElementKind.Bytes => $"bytes{ItemSize}",
        ElementKind.Text => $"str{ItemSize / 4}",
        ElementKind.Opaque or ElementKind.Record => $"void{Bits}",
        ElementKind.Float8E3M4 => "float8_e3m4",
        ElementKind.Float8E4M3 => "float8_e4m3",
        ElementKind.Float8E4M3B11FNUZ => "float8_e4m3b11fnuz",
        ElementKind.Float8E4M3FN => "float8_e4m3fn",
        ElementKind.Float8E4M3FNUZ => "float8_e4m3fnuz",
        ElementKind.Float8E5M2 => "float8_e5m2",
        ElementKind.Float8E5M2FNUZ => "float8_e5m2fnuz",
        ElementKind.Float8E8M0FNU => "float8_e8m0fnu",
        ElementKind.Float6E2M3FN => "float6_e2m3fn",
        ElementKind.Float6E3M2FN => "float6_e3m2fn",
        ElementKind.Float4E2M1FN => "float4_e2m1fn",
        _ => throw new InvalidOperationException($"element kind {Kind} has no name"),
    };

    /// <summary>Reads a typestr such as <c>&lt;f4</c>.</summary>
    /// <exception cref="TensorFormatException">The text is no typestr.</exception>
    /// <exception cref="TensorUnsupportedException">The typestr means object pointers, bit fields or long double.</exception>
    public static DType Parse(string typestr) => Protocols.TypeString.Parse(typestr);

    /// <summary>The name where the byte order goes without saying, else the typestr: <c>float32</c>, <c>&gt;f4</c>.</summary>
    public override string ToString() => ByteOrder == ByteOrder.Big ? TypeString : Name;
}
