using System.Collections.Concurrent;
using System.Text;
using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Every kernel assembled by NVIDIA's own assembler: valid, lean, and no worse than recorded.</summary>
/// <remarks>Set <c>TENSORBRIDGE_RECORD=1</c> to write the table anew after a change that is meant.</remarks>
public sealed class MachineCodeTests
{
    private const string Table = "tests/TensorBridge.Accelerators.Tests/Copying/MachineCode.txt";
    private const string Head = "kernel                           registers  shared  instructions  payload  instr/byte";
    private static readonly ConcurrentDictionary<string, MachineCode> Assembled = new();

    private const int MaxRegisters = 40;
    private const int MaxSharedBytes = 36 << 10;

    public static IEnumerable<TheoryDataRow<string>> Names => KernelListing.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void KernelsAreLeanOnHopper(string name)
    {
        Assert.SkipUnless(Ptxas.Missing.Length == 0, Ptxas.Missing);
        MachineCode code = Assemble(name);
        Assert.Equal((0, 0), (code.SpilledBytes, code.StackBytes));
        Assert.InRange(code.Registers, 1, MaxRegisters);
        Assert.InRange(code.SharedBytes, 0, MaxSharedBytes);
        // Generic accesses, local memory, and calls: a 64-bit division is one.
        Assert.All(code.Opcodes, opcode => Assert.DoesNotMatch(@"^(LD|ST|LDL|STL|CALL)(\.|$)", opcode));
        int least = code.Entry.Kernel == typeof(Fill) || code.Entry.Kernel == typeof(FillSteps) ? 0 : code.Entry.Kernel == typeof(Replicate) ? 1 : 4;
        Assert.InRange(code.LoadsTogether, least, int.MaxValue);
        // The table has one decimal.
        Assert.InRange(Math.Round(code.InstructionsPerByte, 1), 0, Budget(code.Entry));
    }

    /// <summary>The list holds kernels with one outer axis; more axes cost registers.</summary>
    [Theory]
    [InlineData(typeof(Axes2))]
    [InlineData(typeof(Axes4))]
    [InlineData(typeof(Axes8))]
    [InlineData(typeof(AxesPair<Axes8, Axes8>))]
    public void OuterAxesFitTheRegistersToo(Type axes)
    {
        Assert.SkipUnless(Ptxas.Missing.Length == 0, Ptxas.Missing);
        foreach (KernelEntry entry in KernelEntries.All.GroupBy(each => each.Kernel).Select(family => family.First()))
        {
            KernelEntry wide = entry with { TypeArguments = [.. entry.TypeArguments[..^1], axes] };
            string report = Ptxas.Report(KernelListing.Ptx(wide, "sm_80"), "sm_90");
            Assert.True(report.Contains(" 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads", StringComparison.Ordinal), $"{entry.Name} with {axes.Name}: {report}");
        }
    }

    [Theory]
    [InlineData("sm_70")]
    [InlineData("sm_80")]
    public void KernelsAssembleForOlderArchitectures(string architecture)
    {
        Assert.SkipUnless(Ptxas.Missing.Length == 0, Ptxas.Missing);
        foreach (string name in KernelListing.Names)
        {
            string report = Ptxas.Report(KernelListing.Ptx(name, architecture), architecture);
            Assert.True(report.Contains(" 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads", StringComparison.Ordinal), $"{name} on {architecture}: {report}");
        }
    }

    [Fact]
    public void NothingGotWorseThanRecorded()
    {
        Assert.SkipUnless(Ptxas.Missing.Length == 0, Ptxas.Missing);
        Assert.SkipUnless(IsReleaseBuild, "the table records what the compiler makes of a Release build: run with -c Release");
        var text = new StringBuilder();
        text.Append(Head).Append('\n');
        foreach (string name in KernelListing.Names)
            text.Append(Assemble(name).Row).Append('\n');
        string file = Ptxas.Up(Table) ?? throw new InvalidOperationException($"{Table} is missing");
        if (Environment.GetEnvironmentVariable("TENSORBRIDGE_RECORD") == "1")
            File.WriteAllText(file, text.ToString());
        Assert.Equal(File.ReadAllText(file).Split('\n'), text.ToString().Split('\n'));
    }

    private static bool IsReleaseBuild
    {
        get
        {
#if DEBUG
            return false;
#else
            return true;
#endif
        }
    }

    /// <summary>Instructions a byte: the design's table where it has a row, 6 elsewhere; a gather decodes every word and has no limit.</summary>
    private static double Budget(KernelEntry entry) => entry.Name switch
    {
        "Rows16" => 0.7,
        "Tile4" or "Tile4Falling" => 2.7,
        "Tile8" => 2.9,
        "Tile1" => 4.2,
        // The table's 32 x 32 tile of 4-byte words, scalar accesses: for matrices too small to fill the device with larger tiles.
        "TileSmall4" => 9.5,
        // Neither side has a run: a byte travels alone. Load, store to and load from shared memory, store, and an address on both sides are 6 before anything is decoded.
        "TileN1" => 8,
        // Halves that travel alone and are turned round on the way, which is three instructions more for two bytes.
        "TileScalarSwap2" => 7,
        "TileNSwap2" => 8,
        _ => entry.Kernel == typeof(Gather) ? double.PositiveInfinity : 6,
    };

    private static MachineCode Assemble(string name) => Assembled.GetOrAdd(name, static key => new MachineCode(KernelEntries.All.Single(entry => entry.Name == key), "sm_90"));
}
