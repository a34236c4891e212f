using System.Globalization;

namespace TensorBridge.PtxInterpreter;

/// <summary>Turns statements into instructions. A call is replaced by the body of its function, under a name prefix.</summary>
public sealed class PtxDecoder(PtxSource source)
{
    private readonly PtxRegisterFile registers = new();
    private readonly PtxSymbols symbols = new();
    private readonly List<PtxInstruction> code = [];
    private readonly Dictionary<string, int> labels = [];
    private readonly List<(PtxInstruction Branch, string[] Labels)> branches = [];
    private int expansions;

    public PtxProgram Decode(PtxFunction entry)
    {
        symbols.AddParameters(entry.Parameters);
        DeclareShared();
        Expand(entry, "");
        Add(new PtxStatement(null, null, false, "ret", []), "", PtxFlow.Exit);
        foreach ((PtxInstruction branch, string[] targets) in branches)
            branch.Destinations = [.. targets.Select(Find)];
        return new PtxProgram
        {
            Name = entry.Name,
            Code = [.. code],
            Registers = registers,
            SharedSize = symbols.SharedSize,
            LocalSize = (symbols.LocalSize + 15) / 16 * 16,
        };
    }

    // Shared arrays belong to their function, however often it is expanded; dynamic ones follow all static ones.
    private void DeclareShared()
    {
        foreach (PtxFunction function in source.Functions.Values)
            foreach (PtxVariable variable in function.Variables.Where(variable => variable.Space == "shared"))
                symbols.Add(function.Name + "/" + variable.Name, variable);
        symbols.AddDynamicShared(source.DynamicShared);
    }

    private int Find(string label) =>
        labels.TryGetValue(label, out int place) ? place : throw new PtxFault($"there is no label '{label}'", PtxFault.InvalidPtx);

    private void Expand(PtxFunction function, string prefix)
    {
        foreach (PtxVariable variable in function.Variables)
            if (variable.Space == "shared")
                symbols.Alias(prefix + variable.Name, function.Name + "/" + variable.Name);
            else
                symbols.Add(prefix + variable.Name, variable);
        foreach (PtxStatement statement in function.Statements)
            if (statement.Label is not null)
                labels[prefix + statement.Label] = code.Count;
            else
                Decode(statement, function, prefix);
        labels[prefix + "end"] = code.Count;
    }

    private void Decode(PtxStatement statement, PtxFunction function, string prefix)
    {
        switch (statement.Parts[0])
        {
            case "bra":
                AddBranch(statement, prefix, PtxFlow.Branch, [prefix + statement.Operands[0]]);
                break;
            case "brx":
                AddBranch(statement, prefix, PtxFlow.IndexedBranch, [.. function.BranchTables[statement.Operands[1]].Select(label => prefix + label)]);
                break;
            case "ret" when prefix.Length > 0:
                AddBranch(statement, prefix, PtxFlow.Branch, [prefix + "end"]);
                break;
            case "ret" or "exit":
                Add(statement, prefix, PtxFlow.Exit);
                break;
            case "call":
                Call(statement, prefix);
                break;
            case "membar" or "fence" or "nanosleep":
                break;
            default:
                Add(statement, prefix, FlowOf(statement.Parts));
                break;
        }
    }

    private static PtxFlow FlowOf(string[] parts) => parts[0] switch
    {
        "bar" or "barrier" when parts[1] != "warp" => PtxFlow.Barrier,
        "bar" or "shfl" or "vote" or "match" => PtxFlow.Together,
        _ => PtxFlow.Straight,
    };

    private void AddBranch(PtxStatement statement, string prefix, PtxFlow flow, string[] targets) =>
        branches.Add((Add(statement, prefix, flow), targets));

    private void Call(PtxStatement statement, string prefix)
    {
        string[] results = [], arguments = [];
        string? name = null;
        foreach (string operand in statement.Operands)
            if (operand[0] != '(')
                name = operand;
            else if (name is null)
                results = Names(operand);
            else
                arguments = Names(operand);
        PtxFunction callee = source.Functions.TryGetValue(name!, out PtxFunction? found)
            ? found
            : throw new PtxFault($"there is no function '{name}'", PtxFault.InvalidPtx);
        string inner = $"{prefix}{name}#{expansions++}.";
        Bind(callee.Parameters, arguments, inner, prefix);
        Bind(callee.Results, results, inner, prefix);
        Expand(callee, inner);
    }

    private void Bind(IReadOnlyList<PtxVariable> formal, string[] actual, string inner, string outer)
    {
        for (int i = 0; i < formal.Count; i++)
            symbols.Alias(inner + formal[i].Name, outer + actual[i]);
    }

    private static string[] Names(string list) => list.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private PtxInstruction Add(PtxStatement statement, string prefix, PtxFlow flow)
    {
        var operands = new Operands(this, statement, prefix, flow);
        PtxInstruction instruction = operands.Build();
        code.Add(instruction);
        return instruction;
    }

    private int Row(string operand, string prefix)
    {
        operand = operand.TrimStart('!');
        if (operand[0] == '%')
            return PtxRegisterFile.IsSpecial(operand) ? registers.Special(operand) : registers.Register(prefix + operand);
        if (PtxRegisterFile.TryLiteral(operand, out ulong value))
            return registers.Constant(value);
        return TryFind(operand, prefix, out _, out int offset)
            ? registers.Constant((ulong)offset)
            : throw new PtxFault($"unknown operand '{operand}'", PtxFault.InvalidPtx);
    }

    private bool TryFind(string name, string prefix, out PtxSpace space, out int offset) =>
        symbols.TryFind(prefix + name, out space, out offset) || symbols.TryFind(name, out space, out offset);

    private static PtxOperation FindOperation(PtxStatement statement, PtxFlow flow)
    {
        string[] parts = statement.Parts;
        if (flow is PtxFlow.Branch or PtxFlow.IndexedBranch or PtxFlow.Exit or PtxFlow.Barrier)
            return (_, _) => { };
        PtxOperation? operation = flow == PtxFlow.Together ? PtxTogetherOperations.Find(parts) : FindStraight(parts, PtxType.Parse(parts[^1]));
        return operation ?? throw new PtxFault($"unsupported instruction '{statement}'", PtxFault.InvalidPtx);
    }

    private static PtxOperation? FindStraight(string[] parts, PtxType type) => parts[0] switch
    {
        "ld" or "ldu" => PtxMemoryOperations.Load(type),
        "st" => PtxMemoryOperations.Store(type),
        "atom" or "red" => PtxAtomicOperations.Find(parts, type),
        "cvta" => PtxMemoryOperations.ConvertAddress(parts),
        "cvt" => PtxConversions.Find(parts),
        "setp" => PtxComparisons.Compare(parts, type),
        "selp" => PtxComparisons.Select(type),
        _ => type.Kind == PtxKind.Float ? PtxFloatOperations.Find(parts, type) : PtxIntegerOperations.Find(parts, type),
    };

    /// <summary>Assigns the operands of one statement to the fields of its instruction.</summary>
    private sealed class Operands(PtxDecoder decoder, PtxStatement statement, string prefix, PtxFlow flow)
    {
        private int target = PtxInstruction.None, a = PtxInstruction.None, b = PtxInstruction.None, c = PtxInstruction.None;
        private int[] vector = [];
        private PtxSpace space;
        private long offset;

        public PtxInstruction Build()
        {
            Assign(statement.Operands, statement.Parts);
            return new PtxInstruction
            {
                Execute = FindOperation(statement, flow),
                Source = statement,
                Flow = flow,
                Guard = statement.Guard is null ? PtxInstruction.None : decoder.Row(statement.Guard, prefix),
                GuardNegated = statement.GuardNegated,
                Target = target,
                A = a,
                B = b,
                C = c,
                Vector = vector,
                Space = space,
                Offset = offset,
                Mask = MaskOf(statement, flow),
            };
        }

        // Masks are constants in what ILGPU writes; one in a register counts as the full warp.
        private static uint MaskOf(PtxStatement statement, PtxFlow flow) =>
            flow == PtxFlow.Together && PtxRegisterFile.TryLiteral(statement.Operands[^1], out ulong mask) ? (uint)mask : uint.MaxValue;

        private void Assign(string[] operands, string[] parts)
        {
            switch (parts[0])
            {
                case "ld" or "ldu":
                    AssignAccess(operands[1], operands[0], parts);
                    break;
                case "st":
                    AssignAccess(operands[0], operands[1], parts);
                    break;
                case "red":
                    AssignAddress(operands[0], parts);
                    b = Row(operands[1]);
                    break;
                case "atom":
                    target = Row(operands[0]);
                    AssignAddress(operands[1], parts);
                    b = Row(operands[2]);
                    c = operands.Length > 3 ? Row(operands[3]) : c;
                    break;
                case "bar" or "barrier":
                    AssignBarrier(operands, parts);
                    break;
                case "bra" or "ret" or "exit":
                    break;
                case "brx":
                    a = Row(operands[0]);
                    break;
                default:
                    AssignPlain(operands);
                    break;
            }
        }

        private void AssignPlain(string[] operands)
        {
            target = Row(operands[0].Split('|')[0]);
            a = operands.Length > 1 ? Row(operands[1]) : a;
            b = operands.Length > 2 ? Row(operands[2]) : b;
            c = operands.Length > 3 ? Row(operands[3]) : c;
        }

        // bar.red writes a result and reads a predicate; the other forms name a barrier only.
        private void AssignBarrier(string[] operands, string[] parts)
        {
            if (parts.Length < 2 || parts[1] != "red")
                return;
            target = Row(operands[0]);
            a = Row(operands[^1]);
        }

        private void AssignAccess(string address, string registers, string[] parts)
        {
            AssignAddress(address, parts);
            vector = [.. registers.Trim('{', '}').Split(',', StringSplitOptions.TrimEntries).Select(Row)];
        }

        private void AssignAddress(string address, string[] parts)
        {
            string[] terms = address.Trim('[', ']').Split('+', StringSplitOptions.TrimEntries);
            space = PtxMemoryOperations.Space(parts);
            offset = terms.Length > 1 ? long.Parse(terms[1], CultureInfo.InvariantCulture) : 0;
            a = Row(terms[0]);
            // What a caller passes to an expanded function lies in local memory, though the text says "param".
            if (space == PtxSpace.Parameter && decoder.TryFind(terms[0], prefix, out PtxSpace actual, out _))
                space = actual;
        }

        private int Row(string operand) => decoder.Row(operand, prefix);
    }
}
