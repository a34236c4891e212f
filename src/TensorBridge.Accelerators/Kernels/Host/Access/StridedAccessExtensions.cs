using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="StridedViewExtensions"/> in an inlined kernel, see <see cref="FlatAccess{T}"/>.</summary>
internal static class StridedAccessExtensions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank1> view, long i0)
        where T : unmanaged => ref view.Element(i0 * view.Axes.Stride0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank1> view, long i0)
        where T : unmanaged => view.Element(i0 * view.Axes.Stride0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank2> view, long i0, long i1)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank2> view, long i0, long i1)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank3> view, long i0, long i1, long i2)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1, i2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank3> view, long i0, long i1, long i2)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1, i2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank4> view, long i0, long i1, long i2, long i3)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1, i2, i3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank4> view, long i0, long i1, long i2, long i3)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1, i2, i3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank5> view, long i0, long i1, long i2, long i3, long i4)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank5> view, long i0, long i1, long i2, long i3, long i4)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank6> view, long i0, long i1, long i2, long i3, long i4, long i5)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank6> view, long i0, long i1, long i2, long i3, long i4, long i5)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank7> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank7> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(this StridedAccess<T, Rank8> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6, long i7)
        where T : unmanaged => ref view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6, i7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T At<T>(this ReadOnlyStridedAccess<T, Rank8> view, long i0, long i1, long i2, long i3, long i4, long i5, long i6, long i7)
        where T : unmanaged => view.Element(view.Axes.OffsetOf(i0, i1, i2, i3, i4, i5, i6, i7));
}
