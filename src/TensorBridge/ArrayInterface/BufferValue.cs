namespace TensorBridge.Protocols;

/// <summary>Memory behind the <c>data</c> key that its holder keeps locked: a Python buffer or pinned managed memory.</summary>
/// <param name="Address">The first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="IsReadOnly">True when writing is forbidden.</param>
internal sealed record BufferValue(ulong Address, long Length, bool IsReadOnly);
