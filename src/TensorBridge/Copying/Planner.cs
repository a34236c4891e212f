using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorBridge.Copying;

/// <summary>Turns two layouts and an operation into a <see cref="Plan"/>: drop, flip, sort, fuse, widen, classify. Shared by host and device engines.</summary>
internal static class Planner
{
    /// <summary>Most axes a layout may have.</summary>
    public const int MaxRank = 64;

    /// <summary>A run of this many bytes pays for a row kernel of its own.</summary>
    public const int LongRun = 512;

    /// <summary>Shorter sides than this do not fill a vector register of a tile kernel.</summary>
    public const int ShortSide = 32;

    /// <summary>Longest item: what a <see cref="DType"/> may have.</summary>
    public const int MaxItemSize = DType.MaxItemSize;

    /// <summary>The plan for a host copy: words may lie at any address.</summary>
    public static Plan GetOrCreate(in CopyOp op, ReadOnlySpan<long> shape, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> destinationStrides) =>
        PlanCache.GetOrCreate(op, 0, shape, sourceStrides, destinationStrides);

    /// <summary>The plan for a device copy: words are aligned to their size at these addresses, however small they must become for it.</summary>
    public static Plan GetOrCreate(in CopyOp op, ReadOnlySpan<long> shape, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> destinationStrides, nint source, nint destination)
    {
        long bits = source | destination | 16;
        return PlanCache.GetOrCreate(op, (int)(bits & -bits), shape, sourceStrides, destinationStrides);
    }

    /// <summary>Plans without looking at the cache. <paramref name="geometry"/> takes 3 * (rank + 1) numbers: extents, source strides, destination strides.</summary>
    /// <exception cref="ArgumentException">Ranks differ or are over 64, or a size is impossible.</exception>
    /// <exception cref="TensorLayoutException">A destination stride is zero.</exception>
    [SkipLocalsInit]
    public static PlanShape Compute(in CopyOp op, int alignment, ReadOnlySpan<long> shape, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> destinationStrides, Span<long> geometry)
    {
        Check(op, shape, sourceStrides, destinationStrides);
        Span<PlanAxis> axes = stackalloc PlanAxis[MaxRank + 1];
        PlanShape plan = default;
        plan.TileAxis = -1;
        plan.Items = CountItems(shape);
        if (plan.Items == 0)
        {
            plan.SourceWord = plan.DestinationWord = 1;
            plan.IsAligned = plan.IsNested = true;
            return plan;
        }
        int rank = DropFlipSort(shape, sourceStrides, destinationStrides, axes, ref plan);
        rank = ChooseWord(op, alignment, axes, rank, ref plan);
        rank = Fuse(axes, rank);
        rank = Widen(op, alignment, axes, rank, ref plan);
        plan.Rank = rank;
        plan.IsNested = IsNested(axes[..rank], plan.DestinationWord);
        Classify(axes[..rank], ref plan);
        for (int i = 0; i < rank; i++)
        {
            geometry[i] = axes[i].Extent;
            geometry[rank + i] = axes[i].Source;
            geometry[(2 * rank) + i] = axes[i].Destination;
        }
        return plan;
    }

    private static void Check(in CopyOp op, ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination)
    {
        if (shape.Length > MaxRank || source.Length != shape.Length || destination.Length != shape.Length)
            throw new ArgumentException($"A copy needs one source and one destination stride per axis and at most {MaxRank} axes; got {shape.Length} extents, {source.Length} source strides and {destination.Length} destination strides.");
        if (op.SourceItemSize is < 1 or > MaxItemSize || op.DestinationItemSize is < 1 or > MaxItemSize)
            throw new ArgumentException($"Items must have 1 to {MaxItemSize} bytes; got {op.SourceItemSize} and {op.DestinationItemSize}.");
    }

    private static long CountItems(ReadOnlySpan<long> shape)
    {
        long items = 1;
        bool empty = false;
        foreach (long extent in shape)
        {
            if (extent < 0)
                throw new ArgumentException($"Extents must not be negative; got {extent}.");
            empty |= extent == 0;
        }
        if (empty)
            return 0;
        foreach (long extent in shape)
            items = checked(items * extent);
        return items;
    }

    /// <summary>Axes of length 1 go; negative destination strides are turned round on both sides; insertion sort by destination stride.</summary>
    private static int DropFlipSort(ReadOnlySpan<long> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> destination, Span<PlanAxis> axes, ref PlanShape plan)
    {
        int rank = 0;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            var axis = new PlanAxis { Extent = shape[i], Source = source[i], Destination = destination[i] };
            if (axis.Extent == 1)
                continue;
            if (axis.Destination < 0)
            {
                plan.SourceOffset += (axis.Extent - 1) * axis.Source;
                plan.DestinationOffset += (axis.Extent - 1) * axis.Destination;
                axis.Source = -axis.Source;
                axis.Destination = -axis.Destination;
            }
            else if (axis.Destination == 0)
            {
                throw new TensorLayoutException($"the destination has stride 0 on axis {i} of length {axis.Extent}, so its elements share memory; copy into memory of its own");
            }
            int at = rank++;
            for (; at > 0 && axis.ComesBefore(axes[at - 1]); at--)
                axes[at] = axes[at - 1];
            axes[at] = axis;
        }
        return rank;
    }

    /// <summary>Sets the word: the item if that is a word, else the largest word that divides it, with an axis of its own.</summary>
    private static int ChooseWord(in CopyOp op, int alignment, Span<PlanAxis> axes, int rank, ref PlanShape plan)
    {
        long bits = AlignmentBits(alignment, axes[..rank]);
        if (op.Kind == CopyOpKind.Cast)
        {
            plan.SourceWord = op.SourceItemSize;
            plan.DestinationWord = op.DestinationItemSize;
            plan.IsAligned = Divides(plan.SourceWord, bits) && Divides(plan.DestinationWord, bits);
            return rank;
        }
        int word = op.Kind == CopyOpKind.ByteSwap ? op.SwapUnit : LowestBit((uint)op.SourceItemSize | bits | 16);
        plan.SourceWord = plan.DestinationWord = word;
        plan.IsAligned = Divides(word, bits);
        if (word == op.SourceItemSize)
            return rank;
        axes[..rank].CopyTo(axes[1..]);
        axes[0] = new PlanAxis { Extent = op.SourceItemSize / word, Source = word, Destination = word };
        return rank + 1;
    }

    /// <summary>Joins axis i + 1 to i where both sides continue without a seam.</summary>
    private static int Fuse(Span<PlanAxis> axes, int rank)
    {
        if (rank == 0)
            return 0;
        int last = 0;
        for (int i = 1; i < rank; i++)
        {
            ref PlanAxis inner = ref axes[last];
            PlanAxis outer = axes[i];
            if (outer.Source == inner.Source * inner.Extent && outer.Destination == inner.Destination * inner.Extent)
                inner.Extent *= outer.Extent;
            else
                axes[++last] = outer;
        }
        return last + 1;
    }

    /// <summary>Where both inner strides are one word, words grow to 16 bytes as far as the run (and on devices the alignment) divides.</summary>
    private static int Widen(in CopyOp op, int alignment, Span<PlanAxis> axes, int rank, ref PlanShape plan)
    {
        int word = plan.DestinationWord;
        if (rank == 0)
        {
            axes[0] = new PlanAxis { Extent = 1, Source = plan.SourceWord, Destination = word };
            return 1;
        }
        if (op.Kind is CopyOpKind.ByteSwap or CopyOpKind.Cast || word == 16 || axes[0].Source != word || axes[0].Destination != word)
            return rank;
        long run = axes[0].Extent * word;
        int wide = LowestBit(run | 16 | AlignmentBits(alignment, axes[1..rank]));
        if (wide == word)
            return rank;
        plan.SourceWord = plan.DestinationWord = wide;
        axes[0] = new PlanAxis { Extent = run / wide, Source = wide, Destination = wide };
        if (axes[0].Extent > 1 || rank == 1)
            return rank;
        axes[1..rank].CopyTo(axes);
        return rank - 1;
    }

    private static void Classify(Span<PlanAxis> axes, ref PlanShape plan)
    {
        PlanAxis inner = axes[0];
        bool stores = inner.Destination == plan.DestinationWord;
        int unit = SourceUnitAxis(axes, plan.SourceWord);
        if (IsBroadcast(axes))
            plan.Path = CopyPath.Fill;
        else if (stores && inner.Source == plan.SourceWord)
            plan.Path = axes.Length == 1 ? CopyPath.Contiguous : inner.Extent * plan.DestinationWord >= LongRun ? CopyPath.Rows : CopyPath.RowsPacked;
        else if (inner.Source == 0)
            plan.Path = CopyPath.Replicate;
        else if (unit < 0)
            plan.Path = stores ? CopyPath.Pack : CopyPath.Gather;
        else if (!stores)
            plan.Path = CopyPath.Unpack;
        else
            plan.Path = IsShort(inner.Extent, plan) || IsShort(axes[unit].Extent, plan) ? CopyPath.TileN : CopyPath.Tile;
        if (plan.Path is CopyPath.Tile or CopyPath.TileN or CopyPath.Unpack)
            plan.TileAxis = unit;
    }

    /// <summary>Each stride steps over everything that the axes inside it cover.</summary>
    private static bool IsNested(ReadOnlySpan<PlanAxis> axes, int word)
    {
        long span = word;
        foreach (PlanAxis axis in axes)
        {
            if (axis.Extent > 1 && axis.Destination < span)
                return false;
            span += (axis.Extent - 1) * axis.Destination;
        }
        return true;
    }

    private static bool IsShort(long extent, in PlanShape plan) => extent * Math.Min(plan.SourceWord, plan.DestinationWord) < ShortSide;

    /// <summary>The innermost axis whose source stride is one word; a single word counts as a run of its own.</summary>
    private static int SourceUnitAxis(ReadOnlySpan<PlanAxis> axes, int word)
    {
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i].Source == word)
                return i;
        }
        return -1;
    }

    private static bool IsBroadcast(ReadOnlySpan<PlanAxis> axes)
    {
        foreach (PlanAxis axis in axes)
        {
            if (axis.Source != 0)
                return false;
        }
        return true;
    }

    /// <summary>Every bit that a word's size must divide: none on the host, addresses and strides on devices.</summary>
    private static long AlignmentBits(int alignment, ReadOnlySpan<PlanAxis> axes)
    {
        if (alignment == 0)
            return 0;
        long bits = (uint)alignment;
        foreach (PlanAxis axis in axes)
            bits |= axis.Source | axis.Destination;
        return bits;
    }

    private static bool Divides(int word, long bits) => (bits & (word - 1)) == 0;

    private static int LowestBit(long bits) => 1 << BitOperations.TrailingZeroCount(bits);
}
