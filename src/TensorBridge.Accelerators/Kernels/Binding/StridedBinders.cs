using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds to <see cref="StridedView{T, TRank}"/>.</summary>
internal sealed class StridedViewBinder<T, TRank>(KernelParameter parameter)
    : StridedBinder<T, TRank, StridedView<T, TRank>>(parameter, isWritten: true)
    where T : unmanaged
    where TRank : unmanaged, IRank<TRank>
{
    protected override StridedView<T, TRank> Shape(Layout layout, ArrayView<T> memory) => new(memory, Start(layout), Axes(layout));

    protected override StridedView<T, TRank> Empty(Layout layout) => new(ArrayView<T>.Empty, 0, Axes(layout));
}

/// <summary>Binds to <see cref="ReadOnlyStridedView{T, TRank}"/>.</summary>
internal sealed class ReadOnlyStridedViewBinder<T, TRank>(KernelParameter parameter)
    : StridedBinder<T, TRank, ReadOnlyStridedView<T, TRank>>(parameter, isWritten: false)
    where T : unmanaged
    where TRank : unmanaged, IRank<TRank>
{
    protected override ReadOnlyStridedView<T, TRank> Shape(Layout layout, ArrayView<T> memory) => new(memory, Start(layout), Axes(layout));

    protected override ReadOnlyStridedView<T, TRank> Empty(Layout layout) => new(ArrayView<T>.Empty, 0, Axes(layout));
}
