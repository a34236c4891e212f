using System.Numerics;

namespace TensorBridge.Copying;

/// <summary>What a plan was asked for: operation, alignment class and the caller's own axes. The cache compares these and nothing else.</summary>
internal sealed class PlanKey(CopyOp op, int alignment, ulong hash, long[] axes)
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public CopyOp Op { get; } = op;

    /// <summary>Largest power of two, up to 16, that divides both addresses; 0 when words need no alignment.</summary>
    public int Alignment { get; } = alignment;

    public ulong Hash { get; } = hash;

    /// <summary>Shape, source strides, destination strides, one after the other.</summary>
    public long[] Axes { get; } = axes;

    public static PlanKey Create(in CopyOp op, int alignment, ulong hash, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        int rank = shape.Length;
        long[] axes = new long[3 * rank];
        shape.CopyTo(axes);
        source.CopyTo(axes.AsSpan(rank));
        destination.CopyTo(axes.AsSpan(2 * rank));
        return new PlanKey(op, alignment, hash, axes);
    }

    public static ulong ComputeHash(in CopyOp op, int alignment, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        ulong hash = Mix(op.Sizes + (ulong)(uint)alignment, op.Bits);
        for (int i = 0; i < shape.Length; i++)
        {
            // The three products do not wait for each other, so that an axis costs one multiplication of latency.
            ulong axis = ((ulong)shape[i] * 0xC2B2AE3D27D4EB4F) + ((ulong)source[i] * 0x165667B19E3779F9) + ((ulong)destination[i] * 0xD6E8FEB86659FD93);
            hash = BitOperations.RotateLeft(hash ^ axis, 27) * Multiplier;
        }
        return hash ^ (hash >> 29);
    }

    public bool Matches(in CopyOp op, int alignment, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        int rank = shape.Length;
        ReadOnlySpan<long> axes = Axes;
        return axes.Length == 3 * rank && Alignment == alignment && Op == op
            && shape.SequenceEqual(axes[..rank])
            && source.SequenceEqual(axes.Slice(rank, rank))
            && destination.SequenceEqual(axes[(2 * rank)..]);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        ulong x = (a ^ BitOperations.RotateLeft(b, 29)) * Multiplier;
        return x ^ (x >> 32);
    }
}
