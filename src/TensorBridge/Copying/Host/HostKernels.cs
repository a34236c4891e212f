using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Copying.Host;

/// <summary>The kernels of one instruction set, and the choice of that set.</summary>
/// <remarks>
/// Chosen once, at the first copy: the best the processor has, or what the AppContext switch <c>TensorBridge.HostInstructionSet</c> names
/// (<c>Portable</c>, <c>Avx2</c>, <c>Avx512</c>), if the processor has it. The runtime's own switches, such as <c>DOTNET_EnableAVX512=0</c>, work too.
/// </remarks>
internal sealed class HostKernels
{
    /// <summary>AppContext data that names an instruction set.</summary>
    public const string Switch = "TensorBridge.HostInstructionSet";

    private HostKernels(InstructionSet instructionSet, RowKernels rows, TileKernels tiles, ChannelKernels channels)
    {
        InstructionSet = instructionSet;
        Rows = rows;
        Tiles = tiles;
        Channels = channels;
    }

    /// <summary>The kernels in use.</summary>
    public static HostKernels Current { get; set; } = Create(Choose(AppContext.GetData(Switch) as string));

    /// <summary>What the kernels are made of.</summary>
    public InstructionSet InstructionSet { get; }

    /// <summary>Whole runs.</summary>
    public RowKernels Rows { get; }

    /// <summary>Register transposes.</summary>
    public TileKernels Tiles { get; }

    /// <summary>Small interleaves.</summary>
    public ChannelKernels Channels { get; }

    /// <summary>True where this processor runs an instruction set.</summary>
    public static bool IsSupported(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Avx512 => Avx512BW.VL.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported,
        _ => true,
    };

    /// <summary>The kernels of an instruction set, which the processor must have.</summary>
    public static HostKernels Create(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Avx512 => new(instructionSet, new RowKernels<LineAvx512>(), new TileKernelsAvx512(), Avx512Vbmi.IsSupported ? new ChannelKernelsVbmi() : new ChannelKernels128()),
        InstructionSet.Avx2 => new(instructionSet, new RowKernels<LineAvx2>(), new TileKernelsAvx2(), new ChannelKernels128()),
        _ => new(instructionSet, new RowKernels<LinePortable>(), new TileKernelsPortable(), new ChannelKernels128()),
    };

    /// <summary>The wanted instruction set if the processor has it, else the best it has.</summary>
    internal static InstructionSet Choose(string? wanted)
    {
        if (Enum.TryParse(wanted, ignoreCase: true, out InstructionSet named) && Enum.IsDefined(named) && IsSupported(named))
            return named;
        return IsSupported(InstructionSet.Avx512) ? InstructionSet.Avx512 : IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2 : InstructionSet.Portable;
    }
}
