namespace TensorBridge;

/// <summary>Names the record field that a field of a struct stands for, where the names differ.</summary>
/// <param name="name">The name in the record.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class TensorFieldAttribute(string name) : Attribute
{
    /// <summary>The name in the record.</summary>
    public string Name { get; } = name;
}
