using System.Numerics;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>A plan as device kernels see it: axes as a list, the lowest byte each side touches, and how that byte is aligned.</summary>
internal sealed class PlanView
{
    private readonly int _sourceAlignment;
    private readonly int _destinationAlignment;

    /// <summary>Sees a piece of a plan.</summary>
    /// <param name="plan">The whole plan: the views that kernels get start at its lowest bytes.</param>
    /// <param name="piece">The plan itself, or a slice of it.</param>
    /// <param name="sourceAlignment">Largest power of two up to 16 that divides the address of the lowest source byte of <paramref name="plan"/>.</param>
    /// <param name="destinationAlignment">The same of the destination.</param>
    public PlanView(Plan plan, Plan piece, int sourceAlignment, int destinationAlignment)
    {
        Plan = piece;
        Axes = new Axis[piece.Rank];
        for (int i = 0; i < Axes.Length; i++)
            Axes[i] = new Axis(piece.Extents[i], piece.SourceStrides[i], piece.DestinationStrides[i]);
        SourceStart = piece.SourceOffset - plan.SourceOffset - PlanBounds.SourceLow(plan);
        DestinationStart = piece.DestinationOffset - plan.DestinationOffset;
        // The lowest byte of the piece: views start at the plan's, so wide words need both to be aligned.
        _sourceAlignment = LowestBit((long)(uint)sourceAlignment | (SourceStart + PlanBounds.SourceLow(piece)));
        _destinationAlignment = LowestBit((long)(uint)destinationAlignment | DestinationStart);
    }

    /// <summary>One axis: extent in words, strides in bytes.</summary>
    public readonly record struct Axis(long Extent, long Source, long Destination);

    public Plan Plan { get; }

    /// <summary>Innermost first, by destination stride.</summary>
    public Axis[] Axes { get; }

    /// <summary>Bytes from the start of the source view to the first word.</summary>
    public long SourceStart { get; }

    /// <summary>Bytes from the start of the destination view to the first word.</summary>
    public long DestinationStart { get; }

    /// <summary>True when words of <paramref name="size"/> bytes can be loaded: the lowest byte and the strides of all axes but the given ones are multiples of it.</summary>
    public bool SourceAllows(int size, int except = -1, int exceptToo = -1)
    {
        long bits = _sourceAlignment;
        for (int i = 0; i < Axes.Length; i++)
            bits |= i == except || i == exceptToo ? 0 : Axes[i].Source;
        return (bits & (size - 1)) == 0;
    }

    /// <summary>As <see cref="SourceAllows"/>, for stores.</summary>
    public bool DestinationAllows(int size, int except = -1, int exceptToo = -1)
    {
        long bits = _destinationAlignment;
        for (int i = 0; i < Axes.Length; i++)
            bits |= i == except || i == exceptToo ? 0 : Axes[i].Destination;
        return (bits & (size - 1)) == 0;
    }

    /// <summary>The axes but for the given ones, as steps of words of the given sizes, with their product.</summary>
    public (AxisStep[] Steps, long Count) Outer(int sourceWord, int destinationWord, params ReadOnlySpan<int> inner)
    {
        var steps = new List<AxisStep>(Axes.Length);
        long count = 1;
        for (int i = 0; i < Axes.Length; i++)
        {
            if (inner.Contains(i))
                continue;
            steps.Add(Step(i, sourceWord, destinationWord));
            count *= Axes[i].Extent;
        }
        return (steps.ToArray(), count);
    }

    /// <summary>One axis as a step of words of the given sizes.</summary>
    public AxisStep Step(int axis, int sourceWord, int destinationWord) =>
        new(Axes[axis].Extent, Axes[axis].Source / sourceWord, Axes[axis].Destination / destinationWord);

    private static int LowestBit(long bits) => 1 << BitOperations.TrailingZeroCount(bits | 16);
}
