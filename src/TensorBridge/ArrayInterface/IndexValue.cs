namespace TensorBridge.Protocols;

/// <summary>An object that is no int but converts to one (<c>__index__</c>), such as <c>numpy.int64</c>.</summary>
/// <param name="TypeName">The qualified name of its type, for messages.</param>
/// <param name="Value">A <see cref="long"/> or a <see cref="System.Numerics.BigInteger"/>.</param>
internal sealed record IndexValue(string TypeName, object Value);
