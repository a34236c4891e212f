using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators;

/// <summary>Lengths and element strides of 4 axes, for <see cref="StridedView{T, TRank}"/>; usable inside kernels.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public struct Rank4 : IRank<Rank4>
{
    /// <summary>Length of axis 0.</summary>
    public long Length0;

    /// <summary>Length of axis 1.</summary>
    public long Length1;

    /// <summary>Length of axis 2.</summary>
    public long Length2;

    /// <summary>Length of axis 3.</summary>
    public long Length3;

    /// <summary>Elements between neighbours along axis 0, signed.</summary>
    public long Stride0;

    /// <summary>Elements between neighbours along axis 1, signed.</summary>
    public long Stride1;

    /// <summary>Elements between neighbours along axis 2, signed.</summary>
    public long Stride2;

    /// <summary>Elements between neighbours along axis 3, signed.</summary>
    public long Stride3;

    /// <inheritdoc/>
    public static int Rank => 4;

    /// <inheritdoc/>
    public readonly long ElementCount => Length0 * Length1 * Length2 * Length3;

    /// <inheritdoc/>
    public static Rank4 Create(ReadOnlySpan<long> lengths, ReadOnlySpan<long> strides) => new()
    {
        Length0 = lengths[0],
        Length1 = lengths[1],
        Length2 = lengths[2],
        Length3 = lengths[3],
        Stride0 = strides[0],
        Stride1 = strides[1],
        Stride2 = strides[2],
        Stride3 = strides[3],
    };

    /// <summary>Elements from element 0 to the one at the given index.</summary>
    public readonly long OffsetOf(long i0, long i1, long i2, long i3) => (i0 * Stride0) + (i1 * Stride1) + (i2 * Stride2) + (i3 * Stride3);

    /// <inheritdoc/>
    public readonly long OffsetOfLinear(long linear)
    {
        long rest = linear;
        long offset = 0;
        long index3 = IndexMath.Remainder(ref rest, Length3);
        offset += index3 * Stride3;
        long index2 = IndexMath.Remainder(ref rest, Length2);
        offset += index2 * Stride2;
        long index1 = IndexMath.Remainder(ref rest, Length1);
        offset += index1 * Stride1;
        return offset + (rest * Stride0);
    }
}
