namespace TensorBridge.Accelerators.Kernels;

/// <summary>What stands behind a <see cref="ModuleKernel"/>: a kernel or an exported host method.</summary>
internal interface IKernelBody
{
    string Name { get; }

    string Signature { get; }

    bool IsExplicitlyGrouped { get; }

    string? HostEngineRefusal { get; }

    IReadOnlyList<KernelParameter> Parameters { get; }

    object? Run(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments);
}
