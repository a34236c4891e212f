namespace TensorBridge.Accelerators.Kernels;

/// <summary>The lengths that a launch runs over, one per axis of the kernel's index.</summary>
internal readonly record struct IndexSpace(int Rank, long X, long Y, long Z)
{
    /// <summary>The number of indices; an overflow counts as more than any launch can have.</summary>
    public long Count
    {
        get
        {
            Int128 count = (Int128)X * Y * Z;
            return count > long.MaxValue ? long.MaxValue : (long)count;
        }
    }

    /// <summary>A space of rank 1.</summary>
    public static IndexSpace Of(long length) => new(1, length, 1, 1);

    /// <summary>A space of rank 1 to 3.</summary>
    public static IndexSpace Of(ReadOnlySpan<long> lengths) => new(
        lengths.Length,
        lengths[0],
        lengths.Length > 1 ? lengths[1] : 1,
        lengths.Length > 2 ? lengths[2] : 1);

    /// <summary>As Python writes a tuple.</summary>
    public override string ToString() => TensorText.Tuple(new[] { X, Y, Z }.AsSpan(0, Rank));
}
