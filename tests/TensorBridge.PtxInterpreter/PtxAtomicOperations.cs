using System.Numerics;

namespace TensorBridge.PtxInterpreter;

/// <summary><c>atom</c> and <c>red</c>. Lanes take their turn, so every one of them is atomic.</summary>
public static unsafe class PtxAtomicOperations
{
    private static readonly string[] Operations = ["add", "min", "max", "and", "or", "xor", "exch", "cas", "inc", "dec"];

    public static PtxOperation? Find(string[] parts, PtxType type)
    {
        string? operation = parts.FirstOrDefault(part => Operations.Contains(part));
        if (operation is null)
            return null;
        return (type.Kind, type.Size) switch
        {
            (PtxKind.Signed, 4) => Integer<int>(operation),
            (PtxKind.Signed, 8) => Integer<long>(operation),
            (PtxKind.Unsigned, 4) => Integer<uint>(operation),
            (PtxKind.Unsigned, 8) => Integer<ulong>(operation),
            (PtxKind.Float, 4) => Number<float>(operation),
            (PtxKind.Float, 8) => Number<double>(operation),
            _ => null,
        };
    }

    private static PtxOperation? Integer<T>(string operation)
        where T : unmanaged, IBinaryInteger<T> => operation switch
        {
            "and" => Update<T>((old, value, _) => old & value),
            "or" => Update<T>((old, value, _) => old | value),
            "xor" => Update<T>((old, value, _) => old ^ value),
            "cas" => Update<T>((old, compare, value) => old == compare ? value : old),
            "inc" => Update<T>((old, limit, _) => old >= limit ? T.Zero : old + T.One),
            "dec" => Update<T>((old, limit, _) => old == T.Zero || old > limit ? limit : old - T.One),
            _ => Number<T>(operation),
        };

    private static PtxOperation? Number<T>(string operation)
        where T : unmanaged, INumber<T> => operation switch
        {
            "add" => Update<T>((old, value, _) => unchecked(old + value)),
            "min" => Update<T>((old, value, _) => T.Min(old, value)),
            "max" => Update<T>((old, value, _) => T.Max(old, value)),
            "exch" => Update<T>((_, value, _) => value),
            _ => null,
        };

    private static PtxOperation Update<T>(Func<T, T, T, T> function)
        where T : unmanaged => (warp, instruction) =>
    {
        ulong* addresses = warp.Row(instruction.A), operands = warp.Row(instruction.B);
        ulong* third = instruction.C < 0 ? operands : warp.Row(instruction.C);
        foreach (int lane in warp.Active)
        {
            var memory = (T*)warp.Block.Memory.Resolve(instruction.Space, addresses[lane] + (ulong)instruction.Offset, sizeof(T), warp, lane, instruction);
            T old = *memory;
            *memory = function(old, PtxCell.Load<T>(operands + lane), PtxCell.Load<T>(third + lane));
            if (instruction.Target >= 0)
                PtxCell.Store(warp.Row(instruction.Target) + lane, old);
        }
    };
}
