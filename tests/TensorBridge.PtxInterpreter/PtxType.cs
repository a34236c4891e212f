namespace TensorBridge.PtxInterpreter;

/// <summary>The class of a PTX type suffix; <c>b32</c> counts as unsigned.</summary>
public enum PtxKind
{
    Predicate,
    Unsigned,
    Signed,
    Float,
}

/// <summary>A PTX type suffix such as <c>s32</c> or <c>f64</c>.</summary>
public readonly record struct PtxType(PtxKind Kind, int Size)
{
    public static PtxType Parse(string suffix)
    {
        if (suffix == "pred")
            return new PtxType(PtxKind.Predicate, 4);
        PtxKind kind = suffix[0] switch
        {
            's' => PtxKind.Signed,
            'f' => PtxKind.Float,
            'u' or 'b' => PtxKind.Unsigned,
            _ => throw new PtxFault($"'{suffix}' is no type", PtxFault.InvalidPtx),
        };
        return int.TryParse(suffix.AsSpan(1), out int bits)
            ? new PtxType(kind, bits / 8)
            : throw new PtxFault($"'{suffix}' is no type", PtxFault.InvalidPtx);
    }
}
