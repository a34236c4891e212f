namespace TensorBridge.Accelerators.Kernels;

/// <summary>A kernel compiled for one engine: binds the arguments and runs.</summary>
internal interface IKernelLauncher
{
    /// <summary>The accelerator it was compiled for; null for the host engine.</summary>
    AcceleratorBridge? Bridge { get; }

    void Launch(LaunchOptions options, ReadOnlySpan<KernelArgument> arguments);
}
