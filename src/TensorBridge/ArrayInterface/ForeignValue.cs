namespace TensorBridge.Protocols;

/// <summary>A value of a Python or .NET type that no key of the array interface takes.</summary>
/// <param name="TypeName">The qualified name of its type, for messages.</param>
internal sealed record ForeignValue(string TypeName);
