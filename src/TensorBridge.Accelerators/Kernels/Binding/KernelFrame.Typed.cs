using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>A frame for one list of parameter types.</summary>
/// <typeparam name="TArguments">A value tuple of the parameter types, see <see cref="ArgumentTuple"/>.</typeparam>
[SuppressMessage("Performance", "CA1812:Avoid uninstantiated internal classes", Justification = "Made through reflection, per kernel.")]
internal sealed class KernelFrame<TArguments>(AcceleratorBridge? bridge, int parameters) : KernelFrame(bridge, parameters)
    where TArguments : struct
{
    /// <summary>The values; emitted code fills and reads them.</summary>
    public TArguments Arguments;

    public override void Clear() => Arguments = default;
}
