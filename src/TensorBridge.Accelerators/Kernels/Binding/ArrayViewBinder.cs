using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds to <see cref="ArrayView{T}"/>.</summary>
internal sealed class ArrayViewBinder<T>(KernelParameter parameter) : FlatBinder<T, ArrayView<T>>(parameter, isWritten: true)
    where T : unmanaged
{
    protected override ArrayView<T> Shape(Layout layout, ArrayView<T> memory) => memory;
}
