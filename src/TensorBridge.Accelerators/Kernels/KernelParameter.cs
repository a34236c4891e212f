namespace TensorBridge.Accelerators.Kernels;

/// <summary>One parameter of a kernel, its index not counted.</summary>
public sealed class KernelParameter
{
    internal KernelParameter(int position, string name, Type type, bool isDense)
    {
        Position = position;
        Name = name;
        Type = type;
        IsDense = isDense;
    }

    /// <summary>1 for the first argument.</summary>
    public int Position { get; }

    /// <summary>The name in the source.</summary>
    public string Name { get; }

    /// <summary>The C# type.</summary>
    public Type Type { get; }

    /// <summary>True when a tensor of another layout goes through a dense copy.</summary>
    public bool IsDense { get; }

    /// <summary>What the parameter takes, as errors write it: <c>tensor[float32, (*, *)]</c>, <c>float32</c>.</summary>
    public string Expected { get; internal set; } = string.Empty;

    /// <summary>Name and expectation, as signatures write them.</summary>
    public override string ToString() => $"{Name}: {Expected}";
}
