using System.Numerics;

namespace TensorBridge.PtxInterpreter;

/// <summary>Floating-point instructions. Approximate ones are computed exactly rounded.</summary>
public static class PtxFloatOperations
{
    public static PtxOperation? Find(string[] parts, PtxType type) => type.Size switch
    {
        2 => Typed<Half>(parts),
        4 => Typed<float>(parts),
        8 => Typed<double>(parts),
        _ => null,
    };

    private static PtxOperation? Typed<T>(string[] parts)
        where T : unmanaged, IFloatingPointIeee754<T> => parts[0] switch
        {
            "add" => PtxLanes.Binary<T, T, T>((a, b) => a + b),
            "sub" => PtxLanes.Binary<T, T, T>((a, b) => a - b),
            "mul" => PtxLanes.Binary<T, T, T>((a, b) => a * b),
            "div" => PtxLanes.Binary<T, T, T>((a, b) => a / b),
            "fma" or "mad" => PtxLanes.Ternary<T, T, T>(T.FusedMultiplyAdd),
            "min" => PtxLanes.Binary<T, T, T>(T.MinNumber),
            "max" => PtxLanes.Binary<T, T, T>(T.MaxNumber),
            "copysign" => PtxLanes.Binary<T, T, T>((sign, value) => T.CopySign(value, sign)),
            "abs" => PtxLanes.Unary<T, T>(T.Abs),
            "neg" => PtxLanes.Unary<T, T>(a => -a),
            "mov" => PtxLanes.Unary<T, T>(a => a),
            "testp" => Test<T>(parts[1]),
            _ => Function<T>(parts[0]),
        };

    private static PtxOperation? Function<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T> => name switch
        {
            "rcp" => PtxLanes.Unary<T, T>(a => T.One / a),
            "sqrt" => PtxLanes.Unary<T, T>(T.Sqrt),
            "rsqrt" => PtxLanes.Unary<T, T>(a => T.One / T.Sqrt(a)),
            "sin" => PtxLanes.Unary<T, T>(T.Sin),
            "cos" => PtxLanes.Unary<T, T>(T.Cos),
            "ex2" => PtxLanes.Unary<T, T>(T.Exp2),
            "lg2" => PtxLanes.Unary<T, T>(T.Log2),
            "tanh" => PtxLanes.Unary<T, T>(T.Tanh),
            _ => null,
        };

    private static PtxOperation? Test<T>(string property)
        where T : unmanaged, IFloatingPointIeee754<T> => property switch
        {
            "finite" => PtxLanes.Unary<T, uint>(a => T.IsFinite(a) ? 1u : 0),
            "infinite" => PtxLanes.Unary<T, uint>(a => T.IsInfinity(a) ? 1u : 0),
            "notanumber" => PtxLanes.Unary<T, uint>(a => T.IsNaN(a) ? 1u : 0),
            "number" => PtxLanes.Unary<T, uint>(a => T.IsNaN(a) ? 0u : 1),
            _ => null,
        };
}
