using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace TensorBridge.Accelerators;

/// <summary>Elements in memory at any strides, for reading only. A value for kernels.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRank">The geometry: <see cref="Rank1"/> to <see cref="Rank8"/>.</typeparam>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public readonly struct ReadOnlyStridedView<T, TRank>
    where T : unmanaged
    where TRank : unmanaged, IRank<TRank>
{
    /// <summary>Index in the memory of element 0.</summary>
    public readonly long Start;

    /// <summary>Lengths and element strides of the axes.</summary>
    public readonly TRank Axes;

    internal readonly ArrayView<T> Memory;

    internal ReadOnlyStridedView(ArrayView<T> memory, long start, TRank axes)
    {
        Memory = memory;
        Start = start;
        Axes = axes;
    }

    /// <summary>The number of elements.</summary>
    public long Length => Axes.ElementCount;

    /// <summary>The value at <paramref name="linear"/> in C order. Costs a division per axis: prefer <c>At(i, j, …)</c> in hot kernels.</summary>
    public T this[long linear] => Memory[Start + Axes.OffsetOfLinear(linear)];
}
