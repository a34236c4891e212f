namespace TensorBridge.PtxInterpreter;

/// <summary>Lays variables out in their spaces. Values passed to an expanded call live in local memory.</summary>
public sealed class PtxSymbols
{
    private readonly Dictionary<string, (PtxSpace Space, int Offset, int Size)> symbols = [];

    public int SharedSize { get; private set; }

    public int LocalSize { get; private set; }

    public void AddParameters(IReadOnlyList<PtxVariable> parameters)
    {
        int size = 0;
        foreach (PtxVariable parameter in parameters)
            symbols[parameter.Name] = (PtxSpace.Parameter, Place(ref size, parameter), parameter.Size);
    }

    public void Add(string name, PtxVariable variable)
    {
        // The same name is declared again by each call in a function: one place, as large as the largest of them.
        if (symbols.TryGetValue(name, out (PtxSpace Space, int Offset, int Size) known) && known.Size >= variable.Size)
            return;
        if (variable.Space == "shared")
        {
            int size = SharedSize;
            symbols[name] = (PtxSpace.Shared, Place(ref size, variable), variable.Size);
            SharedSize = size;
        }
        else
        {
            int size = LocalSize;
            symbols[name] = (PtxSpace.Local, Place(ref size, variable with { Alignment = Math.Max(variable.Alignment, 16) }), variable.Size);
            LocalSize = size;
        }
    }

    public void AddDynamicShared(IEnumerable<string> names)
    {
        SharedSize = (SharedSize + 15) / 16 * 16;
        foreach (string name in names)
            symbols[name] = (PtxSpace.Shared, SharedSize, 0);
    }

    public void Alias(string name, string target) => symbols[name] = symbols[target];

    public bool TryFind(string name, out PtxSpace space, out int offset)
    {
        bool found = symbols.TryGetValue(name, out (PtxSpace Space, int Offset, int Size) symbol);
        (space, offset) = (symbol.Space, symbol.Offset);
        return found;
    }

    private static int Place(ref int size, PtxVariable variable)
    {
        int offset = (size + variable.Alignment - 1) / variable.Alignment * variable.Alignment;
        size = offset + variable.Size;
        return offset;
    }
}
