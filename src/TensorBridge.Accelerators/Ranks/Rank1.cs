using System.Diagnostics.CodeAnalysis;

namespace TensorBridge.Accelerators;

/// <summary>Lengths and element strides of 1 axis, for <see cref="StridedView{T, TRank}"/>; usable inside kernels.</summary>
[SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "Kernel parameters are plain fields.")]
public struct Rank1 : IRank<Rank1>
{
    /// <summary>Length of axis 0.</summary>
    public long Length0;

    /// <summary>Elements between neighbours along axis 0, signed.</summary>
    public long Stride0;

    /// <inheritdoc/>
    public static int Rank => 1;

    /// <inheritdoc/>
    public readonly long ElementCount => Length0;

    /// <inheritdoc/>
    public static Rank1 Create(ReadOnlySpan<long> lengths, ReadOnlySpan<long> strides) => new()
    {
        Length0 = lengths[0],
        Stride0 = strides[0],
    };

    /// <inheritdoc/>
    public readonly long OffsetOfLinear(long linear)
        => linear * Stride0;
}
