using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds to <see cref="ReadOnlyView{T}"/>.</summary>
internal sealed class ReadOnlyViewBinder<T>(KernelParameter parameter) : FlatBinder<T, ReadOnlyView<T>>(parameter, isWritten: false)
    where T : unmanaged
{
    protected override ReadOnlyView<T> Shape(Layout layout, ArrayView<T> memory) => new(memory);
}
