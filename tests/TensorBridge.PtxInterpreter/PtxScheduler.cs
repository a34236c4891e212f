namespace TensorBridge.PtxInterpreter;

/// <summary>
/// Drives one warp until each lane has ended or waits at a block barrier. The lanes at the lowest place run first, so
/// diverged lanes meet again where their paths join; lanes at a shuffle wait for the others of its mask.
/// </summary>
public sealed class PtxScheduler(PtxProgram program)
{
    private const long StepLimit = 20_000_000_000;

    private readonly PtxInstruction[] code = program.Code;
    private readonly int[] group = new int[PtxWarp.Width];
    private readonly int[] guarded = new int[PtxWarp.Width];
    private int groupSize;

    public long Steps { get; private set; }

    public void Run(PtxWarp warp)
    {
        while (true)
        {
            int place = Gather(warp, out int limit);
            if (place < 0)
            {
                if (!PassTogether(warp))
                    return;
                continue;
            }
            RunGroup(warp, place, limit);
            if (Steps > StepLimit)
                throw new PtxFault($"'{program.Name}' does not end", PtxFault.Timeout);
        }
    }

    // Collects the running lanes at the lowest place; limit is the next higher place of another running lane.
    private int Gather(PtxWarp warp, out int limit)
    {
        int lowest = int.MaxValue;
        limit = int.MaxValue;
        groupSize = 0;
        for (int lane = 0; lane < PtxWarp.Width; lane++)
            if (warp.States[lane] == LaneState.Running)
                lowest = Math.Min(lowest, warp.Places[lane]);
        if (lowest == int.MaxValue)
            return -1;
        for (int lane = 0; lane < PtxWarp.Width; lane++)
        {
            if (warp.States[lane] != LaneState.Running)
                continue;
            if (warp.Places[lane] == lowest)
                group[groupSize++] = lane;
            else
                limit = Math.Min(limit, warp.Places[lane]);
        }
        return lowest;
    }

    private void RunGroup(PtxWarp warp, int place, int limit)
    {
        while (place < limit)
        {
            PtxInstruction instruction = code[place];
            Steps += groupSize;
            if (instruction.Flow != PtxFlow.Straight)
            {
                place = Steer(warp, instruction, place);
                if (place < 0)
                    return;
                continue;
            }
            Execute(warp, instruction);
            place++;
        }
        Leave(warp, group.AsSpan(0, groupSize), place);
    }

    private void Execute(PtxWarp warp, PtxInstruction instruction)
    {
        if (instruction.Guard < 0)
        {
            warp.Lanes = group;
            warp.Count = groupSize;
        }
        else
        {
            warp.Lanes = guarded;
            warp.Count = Select(warp, instruction);
        }
        instruction.Execute(warp, instruction);
    }

    private unsafe int Select(PtxWarp warp, PtxInstruction instruction)
    {
        int count = 0;
        for (int i = 0; i < groupSize; i++)
            if (Passes(warp, instruction, group[i]))
                guarded[count++] = group[i];
        return count;
    }

    private static unsafe bool Passes(PtxWarp warp, PtxInstruction instruction, int lane) =>
        instruction.Guard < 0 || (warp.Row(instruction.Guard)[lane] != 0) != instruction.GuardNegated;

    private static void Leave(PtxWarp warp, ReadOnlySpan<int> lanes, int place)
    {
        foreach (int lane in lanes)
            warp.Places[lane] = place;
    }

    // Control flow: the place where the group goes on together, or -1 when it has split or stopped.
    private int Steer(PtxWarp warp, PtxInstruction instruction, int place)
    {
        int together = -1;
        bool split = false;
        for (int i = 0; i < groupSize; i++)
        {
            int lane = group[i];
            int next = Next(warp, instruction, lane, place);
            warp.Places[lane] = next;
            split |= warp.States[lane] != LaneState.Running || (together >= 0 && together != next);
            together = next;
        }
        return split ? -1 : together;
    }

    private static unsafe int Next(PtxWarp warp, PtxInstruction instruction, int lane, int place)
    {
        if (!Passes(warp, instruction, lane))
            return place + 1;
        switch (instruction.Flow)
        {
            case PtxFlow.Branch:
                return instruction.Destinations[0];
            case PtxFlow.IndexedBranch:
                ulong index = warp.Row(instruction.A)[lane];
                return (uint)index < (uint)instruction.Destinations.Length
                    ? instruction.Destinations[(uint)index]
                    : throw new PtxFault($"index {(uint)index} is outside the table of '{instruction.Source}'", PtxFault.LaunchFailed);
            case PtxFlow.Exit:
                warp.States[lane] = LaneState.Done;
                return place;
            case PtxFlow.Barrier:
                warp.States[lane] = LaneState.AtBarrier;
                return place;
            default:
                warp.States[lane] = LaneState.AtTogether;
                return place;
        }
    }

    // No lane runs any more. Lanes that wait for each other at one instruction pass it.
    private bool PassTogether(PtxWarp warp)
    {
        bool waiting = false;
        for (int lane = 0; lane < PtxWarp.Width; lane++)
        {
            if (warp.States[lane] != LaneState.AtTogether)
                continue;
            waiting = true;
            if (TryPass(warp, warp.Places[lane]))
                return true;
        }
        return waiting ? throw new PtxFault($"lanes of a warp wait at different places of '{program.Name}'", PtxFault.LaunchFailed) : false;
    }

    private bool TryPass(PtxWarp warp, int place)
    {
        PtxInstruction instruction = code[place];
        uint present = 0, alive = 0;
        groupSize = 0;
        for (int lane = 0; lane < PtxWarp.Width; lane++)
        {
            if (warp.States[lane] != LaneState.Done)
                alive |= 1u << lane;
            if (warp.States[lane] != LaneState.AtTogether || warp.Places[lane] != place)
                continue;
            present |= 1u << lane;
            group[groupSize++] = lane;
        }
        if ((instruction.Mask & alive & ~present) != 0)
            return false;
        Execute(warp, instruction);
        for (int i = 0; i < groupSize; i++)
        {
            warp.States[group[i]] = LaneState.Running;
            warp.Places[group[i]] = place + 1;
        }
        return true;
    }
}
