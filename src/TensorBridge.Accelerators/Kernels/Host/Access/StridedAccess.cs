using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Stands for <see cref="StridedView{T, TRank}"/> in an inlined kernel, see <see cref="FlatAccess{T}"/>.</summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Never compared.")]
internal readonly struct StridedAccess<T, TRank>
    where T : unmanaged
    where TRank : unmanaged, IRank<TRank>
{
    public readonly long Start;

    public readonly TRank Axes;

    private readonly FlatAccess<T> _memory;

    private StridedAccess(FlatAccess<T> memory, long start, TRank axes)
    {
        _memory = memory;
        Start = start;
        Axes = axes;
    }

    public long Length => Axes.ElementCount;

    public ref T this[long linear]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Element(Axes.OffsetOfLinear(linear));
    }

    public static StridedAccess<T, TRank> Open(StridedView<T, TRank> view, int parameter) =>
        new(FlatAccess<T>.Open(view.Memory, parameter), view.Start, view.Axes);

    /// <summary>The element so many elements after element 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T Element(long offset) => ref _memory[Start + offset];
}
