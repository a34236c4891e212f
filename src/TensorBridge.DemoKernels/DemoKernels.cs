using ILGPU;

namespace TensorBridge.Accelerators.Demo;

/// <summary>Kernels as a user would write them: an index first, then views and scalars.</summary>
public static class DemoKernels
{
    /// <summary><c>y = a·x + y</c> on contiguous memory.</summary>
    public static void Saxpy(Index1D index, float a, ArrayView<float> x, ArrayView<float> y) => y[index] += a * x[index];

    /// <summary><c>v = factor·v + shift</c> on memory of any two strides.</summary>
    public static void ScaleAndShift(Index1D index, StridedView<float, Rank2> view, float factor, float shift) =>
        view[index] = (factor * view[index]) + shift;

    /// <summary>Fills with 0, 1, 2, …</summary>
    public static void Count(Index1D index, ArrayView<float> view) => view[index] = index;
}
