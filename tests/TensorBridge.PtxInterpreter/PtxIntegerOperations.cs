using System.Numerics;

namespace TensorBridge.PtxInterpreter;

/// <summary>Integer and bit instructions.</summary>
public static class PtxIntegerOperations
{
    public static PtxOperation? Find(string[] parts, PtxType type) => (type.Kind, type.Size) switch
    {
        (PtxKind.Signed, 1) => Typed<sbyte, short>(parts),
        (PtxKind.Signed, 2) => Typed<short, int>(parts),
        (PtxKind.Signed, 4) => Typed<int, long>(parts),
        (PtxKind.Signed, 8) => Typed<long, Int128>(parts),
        (PtxKind.Unsigned, 1) => Typed<byte, ushort>(parts),
        (PtxKind.Unsigned, 2) => Typed<ushort, uint>(parts),
        (PtxKind.Unsigned, 4) => Typed<uint, ulong>(parts) ?? Words(parts),
        (PtxKind.Unsigned, 8) => Typed<ulong, UInt128>(parts),
        (PtxKind.Predicate, _) => Logic(parts),
        _ => null,
    };

    private static PtxOperation? Typed<T, TWide>(string[] parts)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => parts[0] switch
        {
            "add" => PtxLanes.Binary<T, T, T>((a, b) => unchecked(a + b)),
            "sub" => PtxLanes.Binary<T, T, T>((a, b) => unchecked(a - b)),
            "mul" => Multiply<T, TWide>(parts[1]),
            "mad" => MultiplyAdd<T, TWide>(parts[1]),
            "div" => PtxLanes.Binary<T, T, T>(Divide),
            "rem" => PtxLanes.Binary<T, T, T>(Remainder),
            "abs" => PtxLanes.Unary<T, T>(a => a < T.Zero ? unchecked(-a) : a),
            "neg" => PtxLanes.Unary<T, T>(a => unchecked(-a)),
            "min" => PtxLanes.Binary<T, T, T>(T.Min),
            "max" => PtxLanes.Binary<T, T, T>(T.Max),
            "and" => PtxLanes.Binary<T, T, T>((a, b) => a & b),
            "or" => PtxLanes.Binary<T, T, T>((a, b) => a | b),
            "xor" => PtxLanes.Binary<T, T, T>((a, b) => a ^ b),
            "not" => PtxLanes.Unary<T, T>(a => ~a),
            "shl" => PtxLanes.Binary<T, uint, T>(ShiftLeft),
            "shr" => PtxLanes.Binary<T, uint, T>(ShiftRight),
            "popc" => PtxLanes.Unary<T, uint>(a => uint.CreateTruncating(T.PopCount(a))),
            "clz" => PtxLanes.Unary<T, uint>(a => uint.CreateTruncating(T.LeadingZeroCount(a))),
            "mov" => PtxLanes.Unary<T, T>(a => a),
            _ => null,
        };

    private static PtxOperation? Multiply<T, TWide>(string half)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => half switch
        {
            "wide" => PtxLanes.Binary<T, T, TWide>(Wide<T, TWide>),
            "hi" => PtxLanes.Binary<T, T, T>(High<T, TWide>),
            _ => PtxLanes.Binary<T, T, T>((a, b) => unchecked(a * b)),
        };

    private static PtxOperation? MultiplyAdd<T, TWide>(string half)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => half switch
        {
            "wide" => PtxLanes.Ternary<T, TWide, TWide>((a, b, c) => unchecked(Wide<T, TWide>(a, b) + c)),
            "hi" => PtxLanes.Ternary<T, T, T>((a, b, c) => unchecked(High<T, TWide>(a, b) + c)),
            _ => PtxLanes.Ternary<T, T, T>((a, b, c) => unchecked((a * b) + c)),
        };

    private static TWide Wide<T, TWide>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => TWide.CreateTruncating(a) * TWide.CreateTruncating(b);

    private static T High<T, TWide>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide> => T.CreateTruncating(Wide<T, TWide>(a, b) >> (T.Zero.GetByteCount() * 8));

    // Hardware has no trap here: a division by zero gives all ones, and MinValue / -1 is MinValue.
    private static T Divide<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (b == T.Zero)
            return T.AllBitsSet;
        return a == T.MinValue && T.MinValue < T.Zero && b == T.AllBitsSet ? a : a / b;
    }

    private static T Remainder<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (b == T.Zero)
            return a;
        return T.MinValue < T.Zero && b == T.AllBitsSet ? T.Zero : a % b;
    }

    private static T ShiftLeft<T>(T value, uint amount)
        where T : unmanaged, IBinaryInteger<T> => amount >= T.Zero.GetByteCount() * 8 ? T.Zero : value << (int)amount;

    private static T ShiftRight<T>(T value, uint amount)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (amount >= T.Zero.GetByteCount() * 8)
            return value < T.Zero ? T.AllBitsSet : T.Zero;
        return value >> (int)amount;
    }

    private static PtxOperation? Words(string[] parts) => parts[0] switch
    {
        "prmt" => PtxLanes.Ternary<uint, uint, uint>(Permute),
        "brev" => PtxLanes.Unary<uint, uint>(ReverseBits),
        "bfind" => PtxLanes.Unary<uint, uint>(a => a == 0 ? uint.MaxValue : 31u - (uint)BitOperations.LeadingZeroCount(a)),
        _ => null,
    };

    private static uint Permute(uint a, uint b, uint selector)
    {
        ulong bytes = a | ((ulong)b << 32);
        uint result = 0;
        for (int i = 0; i < 4; i++)
        {
            uint choice = (selector >> (4 * i)) & 0xF;
            byte chosen = (byte)(bytes >> (int)(8 * (choice & 7)));
            if (choice > 7)
                chosen = (byte)((sbyte)chosen >> 7);
            result |= (uint)chosen << (8 * i);
        }
        return result;
    }

    private static uint ReverseBits(uint value)
    {
        uint result = 0;
        for (int i = 0; i < 32; i++)
            result |= ((value >> i) & 1) << (31 - i);
        return result;
    }

    private static PtxOperation? Logic(string[] parts) => parts[0] switch
    {
        "and" => PtxLanes.Binary<uint, uint, uint>((a, b) => a & b),
        "or" => PtxLanes.Binary<uint, uint, uint>((a, b) => a | b),
        "xor" => PtxLanes.Binary<uint, uint, uint>((a, b) => a ^ b),
        "not" => PtxLanes.Unary<uint, uint>(a => a ^ 1),
        "mov" => PtxLanes.Unary<uint, uint>(a => a),
        _ => null,
    };
}
