namespace TensorBridge.Accelerators.Kernels;

/// <summary>Lets a kernel's tensor parameter take any layout: what is not dense in C order goes through a dense copy.</summary>
/// <remarks>
/// The only way a launch ever copies. A tensor that is dense already is passed in place; any other is copied to a
/// dense temporary before the launch and, unless the parameter only reads, copied back after it.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DenseAttribute : Attribute
{
}
