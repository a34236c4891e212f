using ILGPU;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>The kernel of <see cref="StridedCopyKernel"/>. Public because kernels must be.</summary>
public static class StridedCopyBody
{
    /// <summary>Copies one word.</summary>
    public static void Copy<T>(Index1D index, StridedView<T, Rank8> source, StridedView<T, Rank8> target)
        where T : unmanaged => target[index] = source[index];
}
