using System.Diagnostics.CodeAnalysis;
using ILGPU;

namespace TensorBridge.Accelerators;

/// <summary>Elements in memory at any strides, negative and zero ones included. A value for kernels.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <typeparam name="TRank">The geometry: <see cref="Rank1"/> to <see cref="Rank8"/>.</typeparam>
/// <remarks>
/// ILGPU's own views end at three axes, have 32-bit strides, and read an <c>int</c> index as unsigned; so this
/// one begins at the lowest address, keeps element 0 as an offset, and indexes with 64 bits.
/// <code>
///   Memory[0]                 Memory[Start] = element (0, …, 0)             Memory[Length-1]
///      |--------------------------------|-------------------------------------|
/// </code>
/// </remarks>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public readonly struct StridedView<T, TRank>
    where T : unmanaged
    where TRank : unmanaged, IRank<TRank>
{
    /// <summary>All memory between the lowest and the highest element, gaps included.</summary>
    public readonly ArrayView<T> Memory;

    /// <summary>Index in <see cref="Memory"/> of element 0.</summary>
    public readonly long Start;

    /// <summary>Lengths and element strides of the axes.</summary>
    public readonly TRank Axes;

    internal StridedView(ArrayView<T> memory, long start, TRank axes)
    {
        Memory = memory;
        Start = start;
        Axes = axes;
    }

    /// <summary>The number of elements.</summary>
    public long Length => Axes.ElementCount;

    /// <summary>The element at <paramref name="linear"/> in C order. Costs a division per axis: prefer <c>At(i, j, …)</c> in hot kernels.</summary>
    public ref T this[long linear] => ref Memory[Start + Axes.OffsetOfLinear(linear)];

    /// <summary>The same elements, not to be written.</summary>
    public ReadOnlyStridedView<T, TRank> AsReadOnly() => new(Memory, Start, Axes);
}
