namespace TensorBridge;

/// <summary>Decides whether two strided arrays, or two elements of one, share a byte.</summary>
/// <remarks>
/// Both questions ask for a bounded integer solution of <c>|Σ a_k·s_k + d| &lt; itemSize</c>. Sorted strides
/// answer almost every real layout at once; the rest is a depth-first search over the axes from the longest
/// stride down, cut off where the remaining axes cannot bring the sum back. The search is given up after a
/// fixed number of steps and then answers "shares": wrong only on the safe side.
/// </remarks>
internal static class MemoryOverlap
{
    private const int SearchBudget = 200_000;

    /// <summary>True when no two elements of the array share a byte.</summary>
    public static bool IsUnique(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long itemSize)
    {
        if (itemSize == 0)
            return true;
        Span<(long Stride, long Count)> axes = stackalloc (long, long)[LayoutMath.MaxRank];
        int rank = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 0)
                return true;
            if (shape[axis] == 1)
                continue;
            if (strides[axis] == 0 || strides[axis] == long.MinValue)
                return false;
            axes[rank++] = (Math.Abs(strides[axis]), shape[axis] - 1);
        }

        axes = axes[..rank];
        axes.Sort(static (a, b) => a.Stride.CompareTo(b.Stride));
        if (IsNested(axes, itemSize))
            return true;
        int budget = SearchBudget;
        return !FindsCollision(axes, rank - 1, 0, itemSize, nonZero: false, ref budget);
    }

    /// <summary>True when some element of the first array shares a byte with some element of the second.</summary>
    public static bool Overlaps(TensorDescriptor first, TensorDescriptor second)
    {
        if (first.Layout.ElementCount == 0 || second.Layout.ElementCount == 0 || first.ByteLength == 0 || second.ByteLength == 0)
            return false;
        (long firstLow, long firstHigh) = first.Layout.Extent;
        (long secondLow, long secondHigh) = second.Layout.Extent;
        Int128 distance = (Int128)(ulong)second.Data - (ulong)first.Data;
        if (firstHigh <= distance + secondLow || distance + secondHigh <= firstLow)
            return false;

        // Σ i_k·s_k over the first minus Σ j_k·t_k over the second, both with index ranges 0..n-1; a shift makes every term non-negative.
        Span<(long Stride, long Count)> axes = stackalloc (long, long)[2 * LayoutMath.MaxRank];
        int rank = 0;
        Int128 offset = firstLow - (distance + secondHigh - second.Layout.ItemSize);
        rank = Append(first.Layout, axes, rank);
        rank = Append(second.Layout, axes, rank);
        axes = axes[..rank];
        axes.Sort(static (a, b) => a.Stride.CompareTo(b.Stride));

        // first element at p (size m) and second at q (size n) share a byte when -m < p - q < n.
        int budget = SearchBudget;
        return FindsSum(axes, rank - 1, offset, first.Layout.ItemSize, second.Layout.ItemSize, ref budget);
    }

    private static int Append(Layout layout, Span<(long Stride, long Count)> axes, int rank)
    {
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            if (layout.Shape[axis] > 1 && layout.ByteStrides[axis] != 0)
                axes[rank++] = (Math.Abs(layout.ByteStrides[axis]), layout.Shape[axis] - 1);
        }

        return rank;
    }

    private static bool IsNested(ReadOnlySpan<(long Stride, long Count)> axes, long itemSize)
    {
        Int128 span = itemSize;
        foreach ((long stride, long count) in axes)
        {
            if (stride < span)
                return false;
            span += (Int128)stride * count;
        }

        return true;
    }

    // Looks for differences a_k in [-count, count], not all zero, with |sum| < itemSize.
    private static bool FindsCollision(ReadOnlySpan<(long Stride, long Count)> axes, int axis, Int128 sum, long itemSize, bool nonZero, ref int budget)
    {
        if (--budget < 0)
            return true;
        if (axis < 0)
            return nonZero && Int128.Abs(sum) < itemSize;
        Int128 reach = itemSize - 1;
        for (int inner = 0; inner < axis; inner++)
            reach += (Int128)axes[inner].Stride * axes[inner].Count;
        (long stride, long count) = axes[axis];
        Int128 from = CeilingDivide(-reach - sum, stride);
        Int128 to = FloorDivide(reach - sum, stride);
        // Differences come in pairs of opposite sign: until one is chosen, non-negative ones suffice.
        from = Int128.Max(from, nonZero ? -count : 0);
        to = Int128.Min(to, count);
        for (Int128 steps = from; steps <= to; steps++)
        {
            if (FindsCollision(axes, axis - 1, sum + (steps * stride), itemSize, nonZero || steps != 0, ref budget))
                return true;
        }

        return false;
    }

    // Looks for a_k in [0, count] with -firstSize < sum + Σ a_k·s_k < secondSize.
    private static bool FindsSum(ReadOnlySpan<(long Stride, long Count)> axes, int axis, Int128 sum, long firstSize, long secondSize, ref int budget)
    {
        if (--budget < 0)
            return true;
        if (axis < 0)
            return sum > -firstSize && sum < secondSize;
        Int128 reach = 0;
        for (int inner = 0; inner < axis; inner++)
            reach += (Int128)axes[inner].Stride * axes[inner].Count;
        (long stride, long count) = axes[axis];
        Int128 from = Int128.Max(0, CeilingDivide(1 - firstSize - reach - sum, stride));
        Int128 to = Int128.Min(count, FloorDivide(secondSize - 1 - sum, stride));
        for (Int128 steps = from; steps <= to; steps++)
        {
            if (FindsSum(axes, axis - 1, sum + (steps * stride), firstSize, secondSize, ref budget))
                return true;
        }

        return false;
    }

    private static Int128 FloorDivide(Int128 dividend, Int128 divisor)
    {
        Int128 quotient = dividend / divisor;
        return dividend % divisor < 0 ? quotient - 1 : quotient;
    }

    private static Int128 CeilingDivide(Int128 dividend, Int128 divisor) => -FloorDivide(-dividend, divisor);
}
