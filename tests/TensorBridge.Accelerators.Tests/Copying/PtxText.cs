using System.Text.RegularExpressions;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>A kernel's PTX as a list of instructions.</summary>
internal sealed partial class PtxText
{
    private readonly Dictionary<string, int> _labels = [];
    private readonly List<CodeLine> _code = [];

    public PtxText(string ptx)
    {
        foreach (string raw in ptx.Split('\n'))
        {
            string line = raw.Trim();
            if (Label().Match(line) is { Success: true } label)
                _labels[label.Groups[1].Value] = _code.Count;
            else if (Instruction().Match(line) is { Success: true } match)
                _code.Add(Line(match));
        }
    }

    /// <summary>Opcodes with their modifiers, in order.</summary>
    public IEnumerable<string> Opcodes => _code.Select(line => line.Opcode);

    /// <summary>Opcodes on the path of a thread whose tile or row is whole.</summary>
    public IReadOnlyList<string> MainPath(int storedBytes) => [.. CodePath.Find(_code, _labels, storedBytes).Select(line => line.Opcode)];

    private static CodeLine Line(Match match)
    {
        string opcode = match.Groups["op"].Value;
        bool branch = opcode.StartsWith("bra", StringComparison.Ordinal);
        return new CodeLine(opcode, branch ? match.Groups["rest"].Value.Trim() : null, match.Groups["if"].Success, opcode is "ret" or "exit")
        {
            Stored = opcode.StartsWith("st.global", StringComparison.Ordinal) ? Bytes(opcode) : 0,
        };
    }

    private static int Bytes(string opcode)
    {
        int vector = opcode.Contains(".v4.", StringComparison.Ordinal) ? 4 : opcode.Contains(".v2.", StringComparison.Ordinal) ? 2 : 1;
        return vector * int.Parse(opcode.AsSpan(opcode.LastIndexOf('.') + 2)) / 8;
    }

    [GeneratedRegex(@"^(\$?\w+):$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?<if>@!?%\w+\s+)?(?<op>[a-z][a-z0-9_.]*)(\s(?<rest>[^;]*))?;")]
    private static partial Regex Instruction();
}
