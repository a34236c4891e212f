using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators;

/// <summary>Lengths and element strides of 2 axes, for <see cref="StridedView{T, TRank}"/>; usable inside kernels.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public struct Rank2 : IRank<Rank2>
{
    /// <summary>Length of axis 0.</summary>
    public long Length0;

    /// <summary>Length of axis 1.</summary>
    public long Length1;

    /// <summary>Elements between neighbours along axis 0, signed.</summary>
    public long Stride0;

    /// <summary>Elements between neighbours along axis 1, signed.</summary>
    public long Stride1;

    /// <inheritdoc/>
    public static int Rank => 2;

    /// <inheritdoc/>
    public readonly long ElementCount => Length0 * Length1;

    /// <inheritdoc/>
    public static Rank2 Create(ReadOnlySpan<long> lengths, ReadOnlySpan<long> strides) => new()
    {
        Length0 = lengths[0],
        Length1 = lengths[1],
        Stride0 = strides[0],
        Stride1 = strides[1],
    };

    /// <summary>Elements from element 0 to the one at the given index.</summary>
    public readonly long OffsetOf(long i0, long i1) => (i0 * Stride0) + (i1 * Stride1);

    /// <inheritdoc/>
    public readonly long OffsetOfLinear(long linear)
    {
        long rest = linear;
        long offset = 0;
        long index1 = IndexMath.Remainder(ref rest, Length1);
        offset += index1 * Stride1;
        return offset + (rest * Stride0);
    }
}
