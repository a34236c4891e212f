namespace TensorBridge.PtxInterpreter;

/// <summary>One line of code: a label, or an instruction with its guard and operands as text.</summary>
public sealed record PtxStatement(string? Label, string? Guard, bool GuardNegated, string Mnemonic, string[] Operands)
{
    public string[] Parts { get; } = Mnemonic.Split('.');

    public override string ToString() =>
        (Guard is null ? "" : $"@{(GuardNegated ? "!" : "")}{Guard} ") + Mnemonic + " " + string.Join(", ", Operands);
}

/// <summary>A declared variable: a parameter, or shared or local memory.</summary>
public sealed record PtxVariable(string Name, string Space, int Alignment, int Size);

/// <summary>An entry point or a device function.</summary>
public sealed class PtxFunction(string name, IReadOnlyList<PtxVariable> parameters, IReadOnlyList<PtxVariable> results)
{
    public string Name { get; } = name;

    public IReadOnlyList<PtxVariable> Parameters { get; } = parameters;

    public IReadOnlyList<PtxVariable> Results { get; } = results;

    public List<PtxVariable> Variables { get; } = [];

    public List<PtxStatement> Statements { get; } = [];

    /// <summary>The lists of labels that indexed branches choose from.</summary>
    public Dictionary<string, string[]> BranchTables { get; } = [];
}

/// <summary>The functions of one PTX text and the names of its dynamically sized shared arrays.</summary>
public sealed record PtxSource(IReadOnlyDictionary<string, PtxFunction> Functions, IReadOnlyList<string> DynamicShared);
