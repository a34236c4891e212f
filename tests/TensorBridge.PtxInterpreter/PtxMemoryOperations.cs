namespace TensorBridge.PtxInterpreter;

/// <summary>Loads, stores and conversions of addresses.</summary>
public static unsafe class PtxMemoryOperations
{
    public static PtxOperation Load(PtxType type) => (type.Kind, type.Size) switch
    {
        (PtxKind.Signed, 1) => Load<sbyte>(),
        (PtxKind.Signed, 2) => Load<short>(),
        (PtxKind.Signed, 4) => Load<int>(),
        (_, 1) => Load<byte>(),
        (_, 2) => Load<ushort>(),
        (_, 4) => Load<uint>(),
        _ => Load<ulong>(),
    };

    public static PtxOperation Store(PtxType type) => type.Size switch
    {
        1 => Store<byte>(),
        2 => Store<ushort>(),
        4 => Store<uint>(),
        _ => Store<ulong>(),
    };

    public static PtxSpace Space(string[] parts)
    {
        foreach (string part in parts)
            switch (part)
            {
                case "global" or "const":
                    return PtxSpace.Global;
                case "shared":
                    return PtxSpace.Shared;
                case "local":
                    return PtxSpace.Local;
                case "param":
                    return PtxSpace.Parameter;
            }
        return PtxSpace.Generic;
    }

    /// <summary><c>cvta</c> turns an offset in a space into a generic address, <c>cvta.to</c> goes back.</summary>
    public static PtxOperation ConvertAddress(string[] parts)
    {
        ulong window = Space(parts) switch
        {
            PtxSpace.Shared => PtxMemory.SharedWindow,
            PtxSpace.Local => PtxMemory.LocalWindow,
            _ => 0,
        };
        return parts[1] == "to" ? PtxLanes.Unary<ulong, ulong>(a => a - window) : PtxLanes.Unary<ulong, ulong>(a => a + window);
    }

    private static PtxOperation Load<T>()
        where T : unmanaged => (warp, instruction) =>
    {
        int width = sizeof(T) * instruction.Vector.Length;
        ulong* addresses = warp.Row(instruction.A);
        foreach (int lane in warp.Active)
        {
            var memory = (T*)warp.Block.Memory.Resolve(instruction.Space, addresses[lane] + (ulong)instruction.Offset, width, warp, lane, instruction);
            foreach (int row in instruction.Vector)
                PtxCell.Store(warp.Row(row) + lane, *memory++);
        }
    };

    private static PtxOperation Store<T>()
        where T : unmanaged => (warp, instruction) =>
    {
        int width = sizeof(T) * instruction.Vector.Length;
        ulong* addresses = warp.Row(instruction.A);
        foreach (int lane in warp.Active)
        {
            var memory = (T*)warp.Block.Memory.Resolve(instruction.Space, addresses[lane] + (ulong)instruction.Offset, width, warp, lane, instruction);
            foreach (int row in instruction.Vector)
                *memory++ = PtxCell.Load<T>(warp.Row(row) + lane);
        }
    };
}
