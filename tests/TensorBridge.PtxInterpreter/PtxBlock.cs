namespace TensorBridge.PtxInterpreter;

/// <summary>Runs the blocks of a launch one after the other.</summary>
public sealed class PtxBlock : IDisposable
{
    private readonly PtxProgram program;
    private readonly PtxLaunch launch;
    private readonly PtxScheduler scheduler;
    private readonly PtxWarp[] warps;

    public PtxBlock(PtxProgram program, PtxLaunch launch, PtxMemory memory)
    {
        this.program = program;
        this.launch = launch;
        Memory = memory;
        scheduler = new PtxScheduler(program);
        warps = new PtxWarp[(launch.Threads + PtxWarp.Width - 1) / PtxWarp.Width];
        for (int i = 0; i < warps.Length; i++)
            warps[i] = new PtxWarp(program, this, i);
    }

    public PtxMemory Memory { get; }

    public int X { get; private set; }

    public int Y { get; private set; }

    public int Z { get; private set; }

    /// <summary>Instructions executed, counted per lane.</summary>
    public long Steps => scheduler.Steps;

    public void Run(int x, int y, int z)
    {
        (X, Y, Z) = (x, y, z);
        Memory.SpoilShared();
        foreach (PtxWarp warp in warps)
            Prepare(warp);
        do
        {
            foreach (PtxWarp warp in warps)
                scheduler.Run(warp);
        }
        while (PassBarrier());
    }

    public void Dispose()
    {
        foreach (PtxWarp warp in warps)
            warp.Dispose();
    }

    private unsafe void Prepare(PtxWarp warp)
    {
        for (int lane = 0; lane < PtxWarp.Width; lane++)
        {
            warp.Places[lane] = 0;
            warp.States[lane] = warp.Index * PtxWarp.Width + lane < launch.Threads ? LaneState.Running : LaneState.Done;
        }
        foreach ((int row, string name) in program.Registers.Specials)
            for (int lane = 0; lane < PtxWarp.Width; lane++)
                warp.Row(row)[lane] = Special(name, warp.Index * PtxWarp.Width + lane);
    }

    private uint Special(string name, int thread)
    {
        int lane = thread % PtxWarp.Width;
        return name switch
        {
            "%tid.x" => (uint)(thread % launch.BlockX),
            "%tid.y" => (uint)(thread / launch.BlockX % launch.BlockY),
            "%tid.z" => (uint)(thread / launch.BlockX / launch.BlockY),
            "%ntid.x" => (uint)launch.BlockX,
            "%ntid.y" => (uint)launch.BlockY,
            "%ntid.z" => (uint)launch.BlockZ,
            "%ctaid.x" => (uint)X,
            "%ctaid.y" => (uint)Y,
            "%ctaid.z" => (uint)Z,
            "%nctaid.x" => (uint)launch.GridX,
            "%nctaid.y" => (uint)launch.GridY,
            "%nctaid.z" => (uint)launch.GridZ,
            "%laneid" => (uint)lane,
            "%warpid" => (uint)(thread / PtxWarp.Width),
            "%dynamic_smem_size" => (uint)launch.DynamicShared,
            "%lanemask_lt" => (1u << lane) - 1,
            "%lanemask_eq" => 1u << lane,
            _ => throw new PtxFault($"unknown special register '{name}'", PtxFault.InvalidPtx),
        };
    }

    // Every thread has ended or waits: those that wait go on together. False when none is left.
    private bool PassBarrier()
    {
        int waiting = 0, votes = 0;
        ForEachWaiting((warp, lane) =>
        {
            waiting++;
            votes += Vote(warp, lane) ? 1 : 0;
        });
        ForEachWaiting((warp, lane) => Answer(warp, lane, waiting, votes));
        return waiting > 0;
    }

    private void ForEachWaiting(Action<PtxWarp, int> action)
    {
        foreach (PtxWarp warp in warps)
            for (int lane = 0; lane < PtxWarp.Width; lane++)
                if (warp.States[lane] == LaneState.AtBarrier)
                    action(warp, lane);
    }

    private unsafe bool Vote(PtxWarp warp, int lane)
    {
        PtxInstruction barrier = program.Code[warp.Places[lane]];
        return barrier.A >= 0 && warp.Row(barrier.A)[lane] != 0;
    }

    private unsafe void Answer(PtxWarp warp, int lane, int waiting, int votes)
    {
        PtxInstruction barrier = program.Code[warp.Places[lane]++];
        warp.States[lane] = LaneState.Running;
        if (barrier.Target < 0)
            return;
        warp.Row(barrier.Target)[lane] = barrier.Source.Parts[2] switch
        {
            "popc" => (uint)votes,
            "and" => votes == waiting ? 1u : 0,
            _ => votes > 0 ? 1u : 0,
        };
    }
}
