namespace TensorBridge.Accelerators.Kernels;

/// <summary>Marks a public static host method that callers of the module may call beside its kernels.</summary>
/// <remarks>
/// Parameters and results may be <see cref="TensorHandle"/>, numbers, <see langword="bool"/> and <see langword="string"/>.
/// A returned tensor belongs to the caller; an argument does not belong to the method: it must not dispose it, and keeps
/// it longer only through <see cref="TensorHandle.Share"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TensorBridgeExportAttribute : Attribute
{
}
