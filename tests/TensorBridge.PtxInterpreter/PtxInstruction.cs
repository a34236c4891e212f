namespace TensorBridge.PtxInterpreter;

/// <summary>How an instruction takes part in control flow.</summary>
public enum PtxFlow
{
    Straight,
    Branch,
    IndexedBranch,
    Exit,

    /// <summary>Waits for all threads of the block.</summary>
    Barrier,

    /// <summary>Runs for the lanes of a warp together: shuffles, votes, warp barriers.</summary>
    Together,
}

/// <summary>Executes one decoded instruction for the active lanes of a warp.</summary>
public delegate void PtxOperation(PtxWarp warp, PtxInstruction instruction);

/// <summary>A decoded instruction: operands are rows of the register file.</summary>
public sealed class PtxInstruction
{
    public const int None = -1;

    public required PtxOperation Execute { get; init; }

    public required PtxStatement Source { get; init; }

    public PtxFlow Flow { get; init; }

    public int Guard { get; init; } = None;

    public bool GuardNegated { get; init; }

    public int Target { get; init; } = None;

    public int A { get; init; } = None;

    public int B { get; init; } = None;

    public int C { get; init; } = None;

    /// <summary>Rows of a vector operand; of the one register otherwise.</summary>
    public int[] Vector { get; init; } = [];

    public PtxSpace Space { get; init; }

    public long Offset { get; init; }

    /// <summary>The lanes that a shuffle or vote waits for.</summary>
    public uint Mask { get; init; } = uint.MaxValue;

    /// <summary>Where a branch goes; several places for an indexed branch.</summary>
    public int[] Destinations { get; set; } = [];
}
