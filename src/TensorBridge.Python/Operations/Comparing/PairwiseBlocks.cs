using TensorBridge.Copying;

namespace TensorBridge.Python.Operations;

/// <summary>Two tensors of one shape, walked side by side.</summary>
/// <remarks>
/// Where both lie dense in one order, one run of memory is compared with the other. Elsewhere both are cut into blocks that
/// stay in the cache; the copy engine makes a block dense, and of the type wanted, where it is not.
/// </remarks>
internal static unsafe class PairwiseBlocks
{
    private const long BlockElements = 1 << 16;

    /// <summary>True when all pairs of elements match.</summary>
    /// <typeparam name="T">What the rule looks at: elements of <paramref name="type"/>, or equal parts of them.</typeparam>
    /// <typeparam name="TMatch">The rule.</typeparam>
    public static bool Match<T, TMatch>(TensorHandle a, TensorHandle b, DType type, TMatch match)
        where T : unmanaged
        where TMatch : struct, IElementMatch<T>
    {
        int parts = type.ItemSize / sizeof(T);
        if (a.DType == type && b.DType == type && ShareOrder(a.Layout, b.Layout))
            return DenseMatch.All<T, TMatch>(a.Data, b.Data, a.ElementCount * parts, match);
        return All(a, b, (x, y) =>
        {
            using TensorHandle left = TensorCopy.Cast(x, type, order: Order.C, copy: false);
            using TensorHandle right = TensorCopy.Cast(y, type, order: Order.C, copy: false);
            return DenseMatch.All<T, TMatch>(left.Data, right.Data, left.ElementCount * parts, match);
        });
    }

    /// <summary>True when a function says so of all pairs of blocks, which are views cut alike from both sides.</summary>
    public static bool All(TensorHandle a, TensorHandle b, Func<TensorHandle, TensorHandle, bool> match)
    {
        if (a.ElementCount == 0)
            return true;
        if (a.ElementCount <= BlockElements)
            return match(a, b);
        Interruptible.ThrowIfInterrupted();
        int axis = AxisToCut(a.Layout, b.Layout);
        long middle = a.Shape[axis] / 2;
        return Part(a, b, axis, TensorIndex.Slice(0, middle), match) && Part(a, b, axis, TensorIndex.Slice(middle), match);
    }

    private static bool Part(TensorHandle a, TensorHandle b, int axis, TensorIndex part, Func<TensorHandle, TensorHandle, bool> match)
    {
        TensorIndex[] index = [.. Enumerable.Repeat(TensorIndex.All, axis), part];
        using TensorHandle x = a[index];
        using TensorHandle y = b[index];
        return All(x, y, match);
    }

    private static bool ShareOrder(Layout a, Layout b) => (a.IsCContiguous && b.IsCContiguous) || (a.IsFContiguous && b.IsFContiguous);

    // Where both sides have their neighbours along one axis, blocks are runs of memory as long as possible. Where they have
    // not, as for a transposed side, blocks are as square as possible, so that each line of memory is fetched once.
    private static int AxisToCut(Layout a, Layout b)
    {
        int outermost = Extreme(a, a.ByteStrides, largest: true);
        bool isAligned = Extreme(a, a.ByteStrides, largest: false) == Extreme(b, b.ByteStrides, largest: false);
        return isAligned && outermost >= 0 ? outermost : Extreme(a, a.Shape, largest: true);
    }

    // Of the axes longer than 1 the one with the largest, or the least, size of a value.
    private static int Extreme(Layout layout, ReadOnlySpan<long> values, bool largest)
    {
        int found = -1;
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            if (layout.Shape[axis] > 1 && (found < 0 || (Math.Abs(values[axis]) > Math.Abs(values[found])) == largest))
                found = axis;
        }

        return found;
    }
}
