namespace TensorBridge.Copying;

/// <summary>Which conversions of element type a copy may do; NumPy's rules under NumPy's names.</summary>
public enum CastingRule
{
    /// <summary><c>no</c>: the types must be the same, byte order included.</summary>
    No,

    /// <summary><c>equiv</c>: only the byte order may differ.</summary>
    Equiv,

    /// <summary><c>safe</c>: every value is kept.</summary>
    Safe,

    /// <summary><c>same_kind</c>: safe, or within a kind (float64 to float32).</summary>
    SameKind,

    /// <summary><c>unsafe</c>: anything that has a conversion.</summary>
    Unsafe,
}
