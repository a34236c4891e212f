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
        // Gathers over more than four axes trade blocks in flight for registers, rather than spill.
        Assert.InRange(code.Registers, 1, name == "GatherRank8" ? 64 : MaxRegisters);
        Assert.InRange(code.SharedBytes, 0, MaxSharedBytes);
        // Generic accesses, local memory, and calls: a 64-bit division is one.
        Assert.All(code.Opcodes, opcode => Assert.DoesNotMatch(@"^(LD|ST|LDL|STL|CALL)(\.|$)", opcode));
        int least = code.Entry.Kernel == typeof(Fill) || code.Entry.Kernel == typeof(FillSteps) ? 0 : code.Entry.Kernel == typeof(Replicate) ? 1 : 4;
        bool loops = code.Entry.Kernel == typeof(SplitChannels) || code.Entry.Kernel == typeof(MergeChannels);
        Assert.InRange(loops ? code.MostLoadsTogether : code.LoadsTogether, least, int.MaxValue);
        // The table has one decimal.
        Assert.InRange(Math.Round(code.InstructionsPerByte, 1), 0, Budget(code.Entry));
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
    /// <remarks>Kernels that move narrow words one at a time, because alignment forbids more, are held to the table's rows for scalar tiles.</remarks>
    private static double Budget(KernelEntry entry) => entry.Name switch
    {
        "Rows16" => 0.7,
        "Tile4" or "Tile4Falling" => 2.7,
        "Tile8" => 2.9,
        "Tile1" => 4.2,
        // 32 single-byte loads, each with a 64-bit address of its own.
        "PackFalling1" => 6.1,
        // One-byte elements travel four at a time, and each is compared with zero.
        "RowsCastBooleanToUInt8" => 7,
        // Loops over the channels: one turn, which is what the path holds, stores only a part.
        _ when entry.Kernel == typeof(SplitChannels) || entry.Kernel == typeof(MergeChannels) => double.PositiveInfinity,
        _ => entry.Kernel == typeof(Gather) ? double.PositiveInfinity : NarrowWord(entry) switch { 1 => 34, 2 => 17, 4 => 9.5, _ => 6 },
    };

    /// <summary>Bytes of the destination's words where they move alone; 0 for kernels with wide accesses.</summary>
    private static int NarrowWord(KernelEntry entry)
    {
        Type[] alone = [typeof(TileScalar), typeof(TileScalar64), typeof(TileN), typeof(Steps), typeof(FillSteps), typeof(Rows), typeof(RowsPacked)];
        Type word = entry.TypeArguments[0];
        return !alone.Contains(entry.Kernel) ? 0 : word == typeof(byte) ? 1 : word == typeof(ushort) ? 2 : word == typeof(uint) ? 4 : 0;
    }

    private static MachineCode Assemble(string name) => Assembled.GetOrAdd(name, static key => new MachineCode(KernelEntries.All.Single(entry => entry.Name == key), "sm_90"));
}
