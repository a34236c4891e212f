using System.Globalization;
using System.Text.RegularExpressions;
using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>What became of a kernel in machine code.</summary>
internal sealed partial class MachineCode
{
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<CodeLine> _code = [];
    private readonly string _report;

    public MachineCode(KernelEntry entry, string architecture)
    {
        Entry = entry;
        (_report, string text) = Ptxas.Assemble(KernelListing.Ptx(entry.Name, architecture == "sm_70" ? architecture : "sm_80"), architecture);
        foreach (string line in text.Split('\n'))
        {
            if (Label().Match(line) is { Success: true } label)
                _labels[label.Groups[1].Value] = _code.Count;
            else if (Instruction().Match(line) is { Success: true } match)
                _code.Add(Line(match));
        }
        IReadOnlyList<CodeLine> path = Loops(entry) ? CodePath.FindThroughLoops(_code, _labels, entry.StoredBytes) : CodePath.Find(_code, _labels, entry.StoredBytes);
        MainPath = [.. path.Select(line => line.Opcode)];
    }

    /// <summary>Kernels that take their piece of the work in a loop.</summary>
    public static bool Loops(KernelEntry entry) => entry.Kernel == typeof(SplitChannels) || entry.Kernel == typeof(MergeChannels);

    public KernelEntry Entry { get; }

    /// <summary>Opcodes that a thread executes whose tile or row is whole.</summary>
    public IReadOnlyList<string> MainPath { get; }

    public int Registers => Number(@"Used (\d+) registers");

    public int SharedBytes => Number(@"(\d+) bytes smem");

    public int StackBytes => Number(@"(\d+) bytes stack frame");

    public int SpilledBytes => Number(@"(\d+) bytes spill stores") + Number(@"(\d+) bytes spill loads");

    /// <summary>Bytes moved: the mean of loaded and stored bytes, or those stored where less is loaded.</summary>
    public double PayloadBytes
    {
        get
        {
            int loaded = MainPath.Where(opcode => opcode.StartsWith("LDG", StringComparison.Ordinal)).Sum(Bytes);
            return loaded > Entry.StoredBytes || Entry.Name.Contains("Cast", StringComparison.Ordinal) ? (loaded + Entry.StoredBytes) / 2.0 : Entry.StoredBytes;
        }
    }

    public double InstructionsPerByte => MainPath.Count / PayloadBytes;

    /// <summary>Global loads issued before anything is stored after the first of them, to global or to shared memory: offsets left in shared
    /// memory beforehand hold nothing back.</summary>
    public int LoadsTogether => MainPath
        .SkipWhile(opcode => !opcode.StartsWith("LDG", StringComparison.Ordinal))
        .TakeWhile(opcode => !opcode.StartsWith("ST", StringComparison.Ordinal))
        .Count(opcode => opcode.StartsWith("LDG", StringComparison.Ordinal));

    public IEnumerable<string> Opcodes => _code.Select(line => line.Opcode);

    /// <summary>A line of the table of all kernels.</summary>
    public string Row => string.Create(CultureInfo.InvariantCulture, $"{Entry.Name,-32} {Registers,9} {SharedBytes,7} {MainPath.Count,13} {PayloadBytes,8} {InstructionsPerByte,11:0.00}");

    private static CodeLine Line(Match match)
    {
        string opcode = match.Groups["op"].Value;
        string rest = match.Groups["rest"].Value;
        string? target = opcode.StartsWith("BRA", StringComparison.Ordinal) ? Target().Match(rest).Groups[1].Value : null;
        // A branch may carry a second predicate among its operands.
        bool conditional = match.Groups["if"].Success || (target is not null && Predicate().IsMatch(rest));
        return new CodeLine(opcode, target, conditional, opcode == "EXIT")
        {
            Stored = opcode.StartsWith("STG", StringComparison.Ordinal) ? Bytes(opcode) : 0,
            Loaded = opcode.StartsWith("LDG", StringComparison.Ordinal) ? Bytes(opcode) : 0,
        };
    }

    private static int Bytes(string opcode) =>
        opcode.EndsWith(".128", StringComparison.Ordinal) ? 16 : opcode.EndsWith(".64", StringComparison.Ordinal) ? 8 : opcode.EndsWith("16", StringComparison.Ordinal) ? 2 : opcode.EndsWith('8') && !opcode.EndsWith("128", StringComparison.Ordinal) ? 1 : 4;

    private int Number(string pattern) =>
        Regex.Match(_report, pattern) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(\.L_x_\d+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s+/\*[0-9a-f]{4,}\*/\s+(?<if>@!?U?P\w+\s+)?(?<op>[A-Z][A-Z0-9_.]*)(?<rest>[^;]*);")]
    private static partial Regex Instruction();

    [GeneratedRegex(@"`\((\.L_x_\d+)\)")]
    private static partial Regex Target();

    [GeneratedRegex(@"^\s*!?U?P\d\s*,?\s*`")]
    private static partial Regex Predicate();
}
