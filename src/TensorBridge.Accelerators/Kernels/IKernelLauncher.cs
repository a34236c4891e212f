namespace TensorBridge.Accelerators.Kernels;

/// <summary>A kernel compiled for one engine: binds the arguments and runs.</summary>
internal interface IKernelLauncher
{
    void Launch(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments);
}
