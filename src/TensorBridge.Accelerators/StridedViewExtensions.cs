namespace TensorBridge.Accelerators;

/// <summary>Element access by one index per axis: <c>view.At(i, j, k)</c>. Usable inside kernels.</summary>
public static class StridedViewExtensions
{
    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank1> view, long i0)
        where T : unmanaged
        => ref view.Memory[view.Start + (i0 * view.Axes.Stride0)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank1> view, long i0)
        where T : unmanaged
        => view.Memory[view.Start + (i0 * view.Axes.Stride0)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank2> view, long i0, long i1)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank2> view, long i0, long i1)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank3> view, long i0, long i1, long i2)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank3> view, long i0, long i1, long i2)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank4> view, long i0, long i1, long i2, long i3)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank4> view, long i0, long i1, long i2, long i3)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank5> view, long i0, long i1, long i2, long i3, long i4)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank5> view, long i0, long i1, long i2, long i3, long i4)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank6> view, long i0, long i1, long i2, long i3, long i4, long i5)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank6> view, long i0, long i1, long i2, long i3, long i4, long i5)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank7> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank7> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6)];

    /// <summary>The element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static ref T At<T>(this StridedView<T, Rank8> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6, long i7)
        where T : unmanaged
        => ref view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6, i7)];

    /// <summary>The value of the element at the given index. Indices are not checked inside kernels on a device.</summary>
    public static T At<T>(this ReadOnlyStridedView<T, Rank8> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6, long i7)
        where T : unmanaged
        => view.Memory[view.Start + view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6, i7)];
}
