namespace TensorBridge.Accelerators.Kernels;

/// <summary>Who runs a kernel on host memory.</summary>
public enum KernelEngine
{
    /// <summary>The host engine where the kernel is element-wise, else ILGPU's emulator.</summary>
    Auto,

    /// <summary>The compiled C# method itself over the index space, on all cores. Element-wise kernels only.</summary>
    Host,

    /// <summary>ILGPU's CPU accelerator: one thread per lane, for correctness at small sizes.</summary>
    Emulator,
}
