using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a tensor of exactly one rank to one of ILGPU's strided views, whose strides are 32-bit and not negative.</summary>
internal abstract class AxesBinder<T, TView> : ViewBinder<T, TView>
    where T : unmanaged
{
    private readonly int _rank;

    // The axis whose neighbours must be adjacent, or -1 when any strides do.
    private readonly int _denseAxis;

    private protected AxesBinder(KernelParameter parameter, int rank, int denseAxis)
        : base(parameter, isWritten: true, rank switch { 1 => "(*,)", 2 => "(*, *)", _ => "(*, *, *)" })
    {
        _rank = rank;
        _denseAxis = denseAxis;
    }

    public override bool TryGetSpace(TensorHandle tensor, int indexRank, out IndexSpace space)
    {
        space = default;
        if (indexRank != _rank || tensor.Rank != _rank)
            return false;
        space = IndexSpace.Of(tensor.Shape);
        return true;
    }

    protected override void CheckLayout(Layout layout, in KernelArgument argument)
    {
        if (layout.Rank != _rank)
            throw ArgumentErrors.Mismatch(this, argument, null);
        if (layout.ElementCount == 0)
            return;
        for (int axis = 0; axis < _rank; axis++)
        {
            if (layout.Shape[axis] > int.MaxValue)
                throw ArgumentErrors.Mismatch(this, argument, $"axis {axis} exceeds the 32 bits of ILGPU's views: declare a StridedView");
            if (layout.Shape[axis] > 1)
                CheckStride(layout, axis, argument);
        }

        if (!layout.IsUnique)
            throw ArgumentErrors.Mismatch(this, argument, "its elements share memory, so a kernel must not write them: declare a ReadOnlyStridedView");
    }

    /// <summary>The element stride of an axis; 1 for one that is never stepped.</summary>
    protected static int Stride(Layout layout, int axis) =>
        layout.Shape[axis] > 1 ? (int)(layout.ByteStrides[axis] / layout.ItemSize) : 1;

    private void CheckStride(Layout layout, int axis, in KernelArgument argument)
    {
        long stride = layout.ByteStrides[axis];
        if (stride < 0)
            throw ArgumentErrors.Mismatch(this, argument, $"stride {stride} of axis {axis} is negative, which ILGPU's views cannot say: declare a StridedView");
        if (stride % layout.ItemSize != 0 || stride / layout.ItemSize > int.MaxValue)
            throw ArgumentErrors.Mismatch(this, argument, $"stride {stride} of axis {axis} is no multiple of the element size, or too large: call ToContiguous()");
        if (stride == 0)
            throw ArgumentErrors.Mismatch(this, argument, $"axis {axis} is broadcast, so a kernel must not write it: declare a ReadOnlyStridedView");
        if (axis == _denseAxis && stride != layout.ItemSize)
            throw ArgumentErrors.Mismatch(this, argument, $"neighbours along axis {axis} must be adjacent: declare general strides, call ToContiguous(), or mark the parameter [Dense]");
    }
}
