using System.Numerics;

namespace TensorBridge.PtxInterpreter;

/// <summary><c>cvt</c>: between numbers of any two types.</summary>
public static class PtxConversions
{
    public static PtxOperation? Find(string[] parts)
    {
        PtxType target = PtxType.Parse(parts[^2]), source = PtxType.Parse(parts[^1]);
        string rounding = parts.Length > 3 ? parts[1] : "";
        return (source.Kind, source.Size) switch
        {
            (PtxKind.Signed, 1) => From<sbyte>(target),
            (PtxKind.Signed, 2) => From<short>(target),
            (PtxKind.Signed, 4) => From<int>(target),
            (PtxKind.Signed, 8) => From<long>(target),
            (PtxKind.Unsigned, 1) => From<byte>(target),
            (PtxKind.Unsigned, 2) => From<ushort>(target),
            (PtxKind.Unsigned, 4) => From<uint>(target),
            (PtxKind.Unsigned, 8) => From<ulong>(target),
            (PtxKind.Float, 2) => FromFloat<Half>(target, rounding),
            (PtxKind.Float, 4) => FromFloat<float>(target, rounding),
            (PtxKind.Float, 8) => FromFloat<double>(target, rounding),
            _ => null,
        };
    }

    // Integers wrap into narrower integers, and round to the nearest float.
    private static PtxOperation? From<T>(PtxType target)
        where T : unmanaged, IBinaryInteger<T> => (target.Kind, target.Size) switch
        {
            (PtxKind.Signed, 1) => PtxLanes.Unary<T, sbyte>(sbyte.CreateTruncating),
            (PtxKind.Signed, 2) => PtxLanes.Unary<T, short>(short.CreateTruncating),
            (PtxKind.Signed, 4) => PtxLanes.Unary<T, int>(int.CreateTruncating),
            (PtxKind.Signed, 8) => PtxLanes.Unary<T, long>(long.CreateTruncating),
            (PtxKind.Unsigned, 1) => PtxLanes.Unary<T, byte>(byte.CreateTruncating),
            (PtxKind.Unsigned, 2) => PtxLanes.Unary<T, ushort>(ushort.CreateTruncating),
            (PtxKind.Unsigned, 4) => PtxLanes.Unary<T, uint>(uint.CreateTruncating),
            (PtxKind.Unsigned, 8) => PtxLanes.Unary<T, ulong>(ulong.CreateTruncating),
            (PtxKind.Float, 2) => PtxLanes.Unary<T, Half>(Half.CreateSaturating),
            (PtxKind.Float, 4) => PtxLanes.Unary<T, float>(float.CreateSaturating),
            (PtxKind.Float, 8) => PtxLanes.Unary<T, double>(double.CreateSaturating),
            _ => null,
        };

    // Floats saturate into integers; what is no number becomes 0.
    private static PtxOperation? FromFloat<T>(PtxType target, string rounding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Func<T, T> round = Rounding<T>(rounding);
        return (target.Kind, target.Size) switch
        {
            (PtxKind.Signed, 1) => PtxLanes.Unary<T, sbyte>(a => sbyte.CreateSaturating(round(a))),
            (PtxKind.Signed, 2) => PtxLanes.Unary<T, short>(a => short.CreateSaturating(round(a))),
            (PtxKind.Signed, 4) => PtxLanes.Unary<T, int>(a => int.CreateSaturating(round(a))),
            (PtxKind.Signed, 8) => PtxLanes.Unary<T, long>(a => long.CreateSaturating(round(a))),
            (PtxKind.Unsigned, 1) => PtxLanes.Unary<T, byte>(a => byte.CreateSaturating(round(a))),
            (PtxKind.Unsigned, 2) => PtxLanes.Unary<T, ushort>(a => ushort.CreateSaturating(round(a))),
            (PtxKind.Unsigned, 4) => PtxLanes.Unary<T, uint>(a => uint.CreateSaturating(round(a))),
            (PtxKind.Unsigned, 8) => PtxLanes.Unary<T, ulong>(a => ulong.CreateSaturating(round(a))),
            (PtxKind.Float, 2) => PtxLanes.Unary<T, Half>(a => Half.CreateTruncating(round(a))),
            (PtxKind.Float, 4) => PtxLanes.Unary<T, float>(a => float.CreateTruncating(round(a))),
            (PtxKind.Float, 8) => PtxLanes.Unary<T, double>(a => double.CreateTruncating(round(a))),
            _ => null,
        };
    }

    private static Func<T, T> Rounding<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T> => name switch
        {
            "rni" => a => T.Round(a, MidpointRounding.ToEven),
            "rzi" => T.Truncate,
            "rmi" => T.Floor,
            "rpi" => T.Ceiling,
            _ => a => a,
        };
}
