using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators;

/// <summary>Lengths and element strides of 6 axes, for <see cref="StridedView{T, TRank}"/>; usable inside kernels.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public struct Rank6 : IRank<Rank6>
{
    /// <summary>Length of axis 0.</summary>
    public long Length0;

    /// <summary>Length of axis 1.</summary>
    public long Length1;

    /// <summary>Length of axis 2.</summary>
    public long Length2;

    /// <summary>Length of axis 3.</summary>
    public long Length3;

    /// <summary>Length of axis 4.</summary>
    public long Length4;

    /// <summary>Length of axis 5.</summary>
    public long Length5;

    /// <summary>Elements between neighbours along axis 0, signed.</summary>
    public long Stride0;

    /// <summary>Elements between neighbours along axis 1, signed.</summary>
    public long Stride1;

    /// <summary>Elements between neighbours along axis 2, signed.</summary>
    public long Stride2;

    /// <summary>Elements between neighbours along axis 3, signed.</summary>
    public long Stride3;

    /// <summary>Elements between neighbours along axis 4, signed.</summary>
    public long Stride4;

    /// <summary>Elements between neighbours along axis 5, signed.</summary>
    public long Stride5;

    /// <inheritdoc/>
    public static int Rank => 6;

    /// <inheritdoc/>
    public readonly long ElementCount => Length0 * Length1 * Length2 * Length3 * Length4 * Length5;

    /// <inheritdoc/>
    public static Rank6 Create(ReadOnlySpan<long> lengths, ReadOnlySpan<long> strides) => new()
    {
        Length0 = lengths[0],
        Length1 = lengths[1],
        Length2 = lengths[2],
        Length3 = lengths[3],
        Length4 = lengths[4],
        Length5 = lengths[5],
        Stride0 = strides[0],
        Stride1 = strides[1],
        Stride2 = strides[2],
        Stride3 = strides[3],
        Stride4 = strides[4],
        Stride5 = strides[5],
    };

    /// <summary>Elements from element 0 to the one at the given index.</summary>
    public readonly long OffsetOf(long i0, long i1, long i2, long i3, long i4, long i5) => (i0 * Stride0) + (i1 * Stride1) + (i2 * Stride2) + (i3 * Stride3) + (i4 * Stride4) + (i5 * Stride5);

    /// <inheritdoc/>
    public readonly long OffsetOfLinear(long linear)
    {
        long rest = linear;
        long offset = 0;
        long index5 = IndexMath.Remainder(ref rest, Length5);
        offset += index5 * Stride5;
        long index4 = IndexMath.Remainder(ref rest, Length4);
        offset += index4 * Stride4;
        long index3 = IndexMath.Remainder(ref rest, Length3);
        offset += index3 * Stride3;
        long index2 = IndexMath.Remainder(ref rest, Length2);
        offset += index2 * Stride2;
        long index1 = IndexMath.Remainder(ref rest, Length1);
        offset += index1 * Stride1;
        return offset + (rest * Stride0);
    }
}
