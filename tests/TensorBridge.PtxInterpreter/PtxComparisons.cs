using System.Numerics;

namespace TensorBridge.PtxInterpreter;

/// <summary><c>setp</c> and <c>selp</c>.</summary>
public static class PtxComparisons
{
    public static PtxOperation? Compare(string[] parts, PtxType type) => (type.Kind, type.Size) switch
    {
        (PtxKind.Signed, 2) => Typed<short>(parts),
        (PtxKind.Signed, 4) => Typed<int>(parts),
        (PtxKind.Signed, 8) => Typed<long>(parts),
        (PtxKind.Unsigned, 2) => Typed<ushort>(parts),
        (PtxKind.Unsigned, 4) => Typed<uint>(parts),
        (PtxKind.Unsigned, 8) => Typed<ulong>(parts),
        (PtxKind.Float, 2) => Typed<Half>(parts),
        (PtxKind.Float, 4) => Typed<float>(parts),
        (PtxKind.Float, 8) => Typed<double>(parts),
        _ => null,
    };

    public static PtxOperation Select(PtxType type) => type.Size switch
    {
        2 => PtxLanes.Ternary<ushort, uint, ushort>((a, b, choice) => choice != 0 ? a : b),
        4 => PtxLanes.Ternary<uint, uint, uint>((a, b, choice) => choice != 0 ? a : b),
        _ => PtxLanes.Ternary<ulong, uint, ulong>((a, b, choice) => choice != 0 ? a : b),
    };

    private static PtxOperation? Typed<T>(string[] parts)
        where T : unmanaged, INumber<T>
    {
        Func<T, T, bool>? test = Test<T>(parts[1]);
        if (test is null)
            return null;
        return (parts.Length == 4 ? parts[2] : "") switch
        {
            "and" => PtxLanes.Ternary<T, uint, uint>((a, b, other) => test(a, b) ? other : 0),
            "or" => PtxLanes.Ternary<T, uint, uint>((a, b, other) => test(a, b) ? 1 : other),
            "xor" => PtxLanes.Ternary<T, uint, uint>((a, b, other) => test(a, b) ? other ^ 1 : other),
            _ => PtxLanes.Binary<T, T, uint>((a, b) => test(a, b) ? 1u : 0),
        };
    }

    // The forms that end in u are true as well when one side is no number.
    private static Func<T, T, bool>? Test<T>(string name)
        where T : unmanaged, INumber<T> => name switch
        {
            "eq" => (a, b) => a == b,
            "ne" => (a, b) => a != b && !T.IsNaN(a) && !T.IsNaN(b),
            "lt" or "lo" => (a, b) => a < b,
            "le" or "ls" => (a, b) => a <= b,
            "gt" or "hi" => (a, b) => a > b,
            "ge" or "hs" => (a, b) => a >= b,
            "equ" => (a, b) => a == b || T.IsNaN(a) || T.IsNaN(b),
            "neu" => (a, b) => a != b,
            "ltu" => (a, b) => !(a >= b),
            "leu" => (a, b) => !(a > b),
            "gtu" => (a, b) => !(a <= b),
            "geu" => (a, b) => !(a < b),
            "num" => (a, b) => !T.IsNaN(a) && !T.IsNaN(b),
            "nan" => (a, b) => T.IsNaN(a) || T.IsNaN(b),
            _ => null,
        };
}
