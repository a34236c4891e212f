namespace TensorBridge.Python.Operations;

/// <summary>A Python slice.</summary>
/// <param name="Start">The start, or null.</param>
/// <param name="Stop">The stop, or null.</param>
/// <param name="Step">The step, or null.</param>
internal sealed record SliceValue(long? Start, long? Stop, long? Step);
