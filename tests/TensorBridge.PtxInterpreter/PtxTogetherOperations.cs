namespace TensorBridge.PtxInterpreter;

/// <summary>Instructions by which the lanes of a warp exchange values; all lanes of the mask have arrived.</summary>
public static unsafe class PtxTogetherOperations
{
    public static PtxOperation? Find(string[] parts) => parts[0] switch
    {
        "shfl" => Shuffle(parts[2]),
        "vote" => Vote(parts[2]),
        "bar" when parts[1] == "warp" => (_, _) => { },
        "match" => Match,
        _ => null,
    };

    // The control word holds the clamp in its low 5 bits and the segment mask from bit 8.
    private static PtxOperation? Shuffle(string mode)
    {
        Func<int, int, int, int, int>? source = mode switch
        {
            "up" => (lane, amount, low, clamp) => lane - amount >= (low | clamp) ? lane - amount : -1,
            "down" => (lane, amount, low, clamp) => lane + amount <= clamp ? lane + amount : -1,
            "bfly" => (lane, amount, low, clamp) => (lane ^ amount) <= clamp ? lane ^ amount : -1,
            "idx" => (lane, amount, low, clamp) => (low | amount) <= clamp ? low | amount : -1,
            _ => null,
        };
        return source is null ? null : (warp, instruction) => Shuffle(warp, instruction, source);
    }

    private static void Shuffle(PtxWarp warp, PtxInstruction instruction, Func<int, int, int, int, int> sourceOf)
    {
        ulong* values = warp.Row(instruction.A), amounts = warp.Row(instruction.B), controls = warp.Row(instruction.C);
        Span<ulong> results = stackalloc ulong[PtxWarp.Width];
        foreach (int lane in warp.Active)
        {
            int control = (int)controls[lane], segment = (control >> 8) & 31;
            int low = lane & segment, clamp = low | (control & 31 & ~segment);
            int amount = (int)amounts[lane] & 31;
            int source = sourceOf(lane, instruction.Source.Parts[2] == "idx" ? amount & ~segment : amount, low, clamp);
            results[lane] = (uint)values[source < 0 ? lane : source];
        }
        ulong* target = warp.Row(instruction.Target);
        foreach (int lane in warp.Active)
            target[lane] = results[lane];
    }

    private static PtxOperation? Vote(string mode) => mode switch
    {
        "all" => (warp, instruction) => Spread(warp, instruction, Ballot(warp, instruction) == Present(warp) ? 1u : 0),
        "any" => (warp, instruction) => Spread(warp, instruction, Ballot(warp, instruction) != 0 ? 1u : 0),
        "uni" => (warp, instruction) => Spread(warp, instruction, Ballot(warp, instruction) is uint votes && (votes == 0 || votes == Present(warp)) ? 1u : 0),
        "ballot" => (warp, instruction) => Spread(warp, instruction, Ballot(warp, instruction)),
        _ => null,
    };

    private static uint Present(PtxWarp warp)
    {
        uint mask = 0;
        foreach (int lane in warp.Active)
            mask |= 1u << lane;
        return mask;
    }

    private static uint Ballot(PtxWarp warp, PtxInstruction instruction)
    {
        uint mask = 0;
        foreach (int lane in warp.Active)
            if (warp.Row(instruction.A)[lane] != 0)
                mask |= 1u << lane;
        return mask;
    }

    private static void Spread(PtxWarp warp, PtxInstruction instruction, uint value)
    {
        foreach (int lane in warp.Active)
            warp.Row(instruction.Target)[lane] = value;
    }

    private static void Match(PtxWarp warp, PtxInstruction instruction)
    {
        ulong* values = warp.Row(instruction.A);
        foreach (int lane in warp.Active)
        {
            uint mask = 0;
            foreach (int other in warp.Active)
                if (values[other] == values[lane])
                    mask |= 1u << other;
            warp.Row(instruction.Target)[lane] = mask;
        }
    }
}
