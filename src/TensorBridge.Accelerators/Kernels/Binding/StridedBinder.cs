using ILGPU;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Binds a tensor at any strides; <see cref="StridedAxes"/> says what becomes of other ranks.</summary>
internal abstract class StridedBinder<T, TRank, TView> : ViewBinder<T, TView>
    where T : unmanaged
    where TRank : unmanaged, IRank<TRank>
{
    private protected StridedBinder(KernelParameter parameter, bool isWritten)
        : base(parameter, isWritten, Pattern())
    {
    }

    public override bool TryGetSpace(TensorHandle tensor, int indexRank, out IndexSpace space)
    {
        space = default;
        if (indexRank == 1)
            space = IndexSpace.Of(tensor.ElementCount);
        else if (indexRank == TRank.Rank && tensor.Rank <= TRank.Rank)
            space = IndexSpace.Of(Padded(tensor.Shape, stackalloc long[TRank.Rank], 1));
        return space.Rank != 0;
    }

    protected override void CheckLayout(Layout layout, in KernelArgument argument)
    {
        if (StridedAxes.Fit<TRank>(layout) is null)
            throw ArgumentErrors.Mismatch(this, argument, TRank.Rank < StridedAxes.MostAxes ? null : "its axes are too many, and do not lie in memory so that neighbours count as one: call ToContiguous()");
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            if (layout.Shape[axis] > 1 && layout.ByteStrides[axis] % layout.ItemSize != 0)
                throw ArgumentErrors.Mismatch(this, argument, $"stride {layout.ByteStrides[axis]} of axis {axis} is no multiple of the element size: call ToContiguous()");
        }

        if (IsWritten && !layout.IsUnique)
            throw ArgumentErrors.Mismatch(this, argument, "its elements share memory, so a kernel must not write them: declare a ReadOnlyStridedView");
    }

    /// <summary>Lengths and element strides of the view's axes.</summary>
    protected static TRank Axes(Layout layout) => StridedAxes.Create<TRank>(StridedAxes.Fit<TRank>(layout)!);

    /// <summary>Elements from the lowest address to element 0.</summary>
    protected static long Start(Layout layout) => -layout.Extent.Low / layout.ItemSize;

    private static Span<long> Padded(ReadOnlySpan<long> values, Span<long> padded, long fill)
    {
        padded[..^values.Length].Fill(fill);
        values.CopyTo(padded[^values.Length..]);
        return padded;
    }

    private static string Pattern() => TRank.Rank == 1 ? "(*,)" : $"({string.Join(", ", Enumerable.Repeat("*", TRank.Rank))})";
}
