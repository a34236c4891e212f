using System.Text.RegularExpressions;

namespace TensorBridge.PtxInterpreter;

/// <summary>Reads the dialect of PTX that ILGPU writes.</summary>
public static partial class PtxParser
{
    public static PtxSource Parse(string text)
    {
        text = Comment().Replace(text, "");
        var functions = new Dictionary<string, PtxFunction>();
        foreach (Match head in FunctionHead().Matches(text))
        {
            int open = text.IndexOfAny(['{', ';'], head.Index + head.Length);
            if (text[open] == ';')
                continue;
            var function = new PtxFunction(head.Groups["name"].Value, Variables(head.Groups["parameters"].Value), Variables(head.Groups["results"].Value));
            ParseBody(function, text.AsSpan(open + 1));
            functions[function.Name] = function;
        }
        string[] dynamic = [.. DynamicShared().Matches(text).Select(match => match.Groups[1].Value)];
        return new PtxSource(functions, dynamic);
    }

    private static List<PtxVariable> Variables(string list)
    {
        var variables = new List<PtxVariable>();
        foreach (string declaration in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            variables.Add(ParseVariable(declaration) ?? throw new PtxFault($"unreadable parameter '{declaration}'", PtxFault.InvalidPtx));
        return variables;
    }

    private static PtxVariable? ParseVariable(string declaration)
    {
        Match match = Declaration().Match(declaration);
        if (!match.Success)
            return null;
        int element = int.Parse(match.Groups["bits"].ValueSpan) / 8;
        int count = match.Groups["count"].Success ? int.Parse(match.Groups["count"].ValueSpan) : 1;
        int alignment = match.Groups["align"].Success ? int.Parse(match.Groups["align"].ValueSpan) : element;
        return new PtxVariable(match.Groups["name"].Value, match.Groups["space"].Value, alignment, element * count);
    }

    // A body ends where its braces balance. A brace that begins a statement opens or closes a scope; any
    // other one belongs to a vector operand.
    private static void ParseBody(PtxFunction function, ReadOnlySpan<char> text)
    {
        int depth = 1, start = 0;
        for (int i = 0; depth > 0; i++)
        {
            bool blank = text[start..i].IsWhiteSpace();
            switch (text[i])
            {
                case ';':
                    ParseStatement(function, text[start..i].Trim().ToString());
                    start = i + 1;
                    break;
                case '{' when blank:
                    depth++;
                    start = i + 1;
                    break;
                case '}' when blank:
                    depth--;
                    start = i + 1;
                    break;
                case ':' when Label().IsMatch(text[start..i].Trim()):
                    function.Statements.Add(new PtxStatement(text[start..i].Trim().ToString(), null, false, "", []));
                    start = i + 1;
                    break;
            }
        }
    }

    private static void ParseStatement(PtxFunction function, string line)
    {
        if (line.Length == 0 || line.StartsWith(".reg", StringComparison.Ordinal))
            return;
        if (line.StartsWith(".branchtargets", StringComparison.Ordinal))
            function.BranchTables[function.Statements[^1].Label!] = SplitOperands(line[".branchtargets".Length..]);
        else if (line[0] == '.')
            function.Variables.Add(ParseVariable(line) ?? throw new PtxFault($"unreadable declaration '{line}'", PtxFault.InvalidPtx));
        else
            function.Statements.Add(ParseInstruction(line));
    }

    private static PtxStatement ParseInstruction(string line)
    {
        Match match = Instruction().Match(line);
        if (!match.Success)
            throw new PtxFault($"unreadable instruction '{line}'", PtxFault.InvalidPtx);
        string? guard = match.Groups["guard"].Success ? match.Groups["guard"].Value : null;
        return new PtxStatement(null, guard, match.Groups["not"].Success, match.Groups["mnemonic"].Value, SplitOperands(match.Groups["operands"].Value));
    }

    private static string[] SplitOperands(string text) => [.. Operand().Matches(text).Select(match => match.Value.Trim())];

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\.(?:entry|func)\s*(?:\((?<results>[^)]*)\))?\s*(?<name>[\w$]+)\s*\((?<parameters>[^)]*)\)")]
    private static partial Regex FunctionHead();

    [GeneratedRegex(@"\.extern\s+\.shared[^;]*?\.b8\s+(\w+)\[\s*\]")]
    private static partial Regex DynamicShared();

    [GeneratedRegex(@"^\.(?<space>param|shared|local)\s+(?:\.align\s+(?<align>\d+)\s+)?\.[busf](?<bits>\d+)\s+(?<name>[\w$]+)(?:\[(?<count>\d+)\])?$")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^[\w$]+$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?:@(?<not>!)?(?<guard>%\w+)\s+)?(?<mnemonic>[a-z][\w.]*)\s*(?<operands>.*)$", RegexOptions.Singleline)]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|[^,\s]+")]
    private static partial Regex Operand();
}
