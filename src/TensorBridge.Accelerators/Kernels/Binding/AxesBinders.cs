using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds to a dense one-dimensional view.</summary>
internal sealed class Dense1DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView1D<T, Stride1D.Dense>>(parameter, 1, denseAxis: 0)
    where T : unmanaged
{
    protected override ArrayView1D<T, Stride1D.Dense> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, layout.Shape[0], default);
}

/// <summary>Binds to a one-dimensional view of any stride.</summary>
internal sealed class General1DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView1D<T, Stride1D.General>>(parameter, 1, denseAxis: -1)
    where T : unmanaged
{
    protected override ArrayView1D<T, Stride1D.General> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, layout.Shape[0], new Stride1D.General(Stride(layout, 0)));
}

/// <summary>Binds to a two-dimensional view whose first axis is adjacent: Fortran's order.</summary>
internal sealed class DenseX2DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView2D<T, Stride2D.DenseX>>(parameter, 2, denseAxis: 0)
    where T : unmanaged
{
    protected override ArrayView2D<T, Stride2D.DenseX> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, new LongIndex2D(layout.Shape[0], layout.Shape[1]), new Stride2D.DenseX(Stride(layout, 1)));
}

/// <summary>Binds to a two-dimensional view whose last axis is adjacent: C's order.</summary>
internal sealed class DenseY2DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView2D<T, Stride2D.DenseY>>(parameter, 2, denseAxis: 1)
    where T : unmanaged
{
    protected override ArrayView2D<T, Stride2D.DenseY> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, new LongIndex2D(layout.Shape[0], layout.Shape[1]), new Stride2D.DenseY(Stride(layout, 0)));
}

/// <summary>Binds to a two-dimensional view of any strides.</summary>
internal sealed class General2DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView2D<T, Stride2D.General>>(parameter, 2, denseAxis: -1)
    where T : unmanaged
{
    protected override ArrayView2D<T, Stride2D.General> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, new LongIndex2D(layout.Shape[0], layout.Shape[1]), new Stride2D.General(new Index2D(Stride(layout, 0), Stride(layout, 1))));
}

/// <summary>Binds to a three-dimensional view whose first axis is adjacent: Fortran's order.</summary>
internal sealed class DenseXY3DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView3D<T, Stride3D.DenseXY>>(parameter, 3, denseAxis: 0)
    where T : unmanaged
{
    protected override ArrayView3D<T, Stride3D.DenseXY> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, new LongIndex3D(layout.Shape[0], layout.Shape[1], layout.Shape[2]), new Stride3D.DenseXY(Stride(layout, 1), Stride(layout, 2)));
}

/// <summary>Binds to a three-dimensional view whose last axis is adjacent: C's order.</summary>
internal sealed class DenseZY3DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView3D<T, Stride3D.DenseZY>>(parameter, 3, denseAxis: 2)
    where T : unmanaged
{
    protected override ArrayView3D<T, Stride3D.DenseZY> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, new LongIndex3D(layout.Shape[0], layout.Shape[1], layout.Shape[2]), new Stride3D.DenseZY(Stride(layout, 0), Stride(layout, 1)));
}

/// <summary>Binds to a three-dimensional view of any strides.</summary>
internal sealed class General3DBinder<T>(KernelParameter parameter) : AxesBinder<T, ArrayView3D<T, Stride3D.General>>(parameter, 3, denseAxis: -1)
    where T : unmanaged
{
    protected override ArrayView3D<T, Stride3D.General> Shape(Layout layout, ArrayView<T> memory) =>
        new(memory, new LongIndex3D(layout.Shape[0], layout.Shape[1], layout.Shape[2]), new Stride3D.General(new Index3D(Stride(layout, 0), Stride(layout, 1), Stride(layout, 2))));
}
