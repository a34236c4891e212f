using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators;

/// <summary>Lengths and element strides of 3 axes, for <see cref="StridedView{T, TRank}"/>; usable inside kernels.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public struct Rank3 : IRank<Rank3>
{
    /// <summary>Length of axis 0.</summary>
    public long Length0;

    /// <summary>Length of axis 1.</summary>
    public long Length1;

    /// <summary>Length of axis 2.</summary>
    public long Length2;

    /// <summary>Elements between neighbours along axis 0, signed.</summary>
    public long Stride0;

    /// <summary>Elements between neighbours along axis 1, signed.</summary>
    public long Stride1;

    /// <summary>Elements between neighbours along axis 2, signed.</summary>
    public long Stride2;

    /// <inheritdoc/>
    public static int Rank => 3;

    /// <inheritdoc/>
    public readonly long ElementCount => Length0 * Length1 * Length2;

    /// <inheritdoc/>
    public static Rank3 Create(ReadOnlySpan<long> lengths, ReadOnlySpan<long> strides) => new()
    {
        Length0 = lengths[0],
        Length1 = lengths[1],
        Length2 = lengths[2],
        Stride0 = strides[0],
        Stride1 = strides[1],
        Stride2 = strides[2],
    };

    /// <summary>Elements from element 0 to the one at the given index.</summary>
    public readonly long OffsetOf(long i0, long i1, long i2) => (i0 * Stride0) + (i1 * Stride1) + (i2 * Stride2);

    /// <inheritdoc/>
    public readonly long OffsetOfLinear(long linear)
    {
        long rest = linear;
        long offset = 0;
        long index2 = IndexMath.Remainder(ref rest, Length2);
        offset += index2 * Stride2;
        long index1 = IndexMath.Remainder(ref rest, Length1);
        offset += index1 * Stride1;
        return offset + (rest * Stride0);
    }
}
