namespace TensorBridge.Copying;

/// <summary>Cuts a plan along its outermost axes into plans of a bounded size.</summary>
internal static class PlanSlicer
{
    private const long LargestSlice = 8L << 20;
    private const long SmallestSlice = 256L << 10;
    private const int Line = 64;

    /// <summary>Several slices for each thread, so that a slow one does not hold up the rest, and none so large that a cancelled copy goes on for long.</summary>
    public static long SliceBytes(Plan plan, int degree) => degree == 1
        ? LargestSlice
        : Math.Clamp(plan.Bytes / (4 * degree), SmallestSlice, LargestSlice);

    /// <summary>Appends slices of about <paramref name="limit"/> bytes that together are <paramref name="plan"/>.</summary>
    public static void Cut(Plan plan, long limit, List<Plan> slices)
    {
        int axis = plan.Rank - 1;
        while (axis >= 0 && plan.Extents[axis] == 1)
            axis--;
        if (axis < 0 || plan.Bytes <= limit + (limit / 2))
        {
            slices.Add(plan);
            return;
        }
        long extent = plan.Extents[axis];
        long step = Step(plan, axis, limit);
        for (long start = 0; start < extent; start += step)
            Cut(plan.Slice(axis, start, Math.Min(step, extent - start)), limit, slices);
    }

    /// <summary>Appends slices that together are <paramref name="plan"/> and each fit 32-bit indices; halves the axis with the longest span until they do.</summary>
    public static void CutToInt32(Plan plan, List<Plan> slices)
    {
        if (plan.FitsInt32)
        {
            slices.Add(plan);
            return;
        }
        int widest = 0;
        for (int axis = 1; axis < plan.Rank; axis++)
        {
            if (Span(plan, axis) > Span(plan, widest))
                widest = axis;
        }
        long half = (plan.Extents[widest] + 1) / 2;
        CutToInt32(plan.Slice(widest, 0, half), slices);
        CutToInt32(plan.Slice(widest, half, plan.Extents[widest] - half), slices);
    }

    private static long Span(Plan plan, int axis) =>
        (plan.Extents[axis] - 1) * Math.Max(Math.Abs(plan.SourceStrides[axis]) / plan.SourceWordSize, plan.DestinationStrides[axis] / plan.WordSize);

    /// <summary>Whole cache lines along axes that are unit on either side, so that two threads never share one.</summary>
    private static long Step(Plan plan, int axis, long limit)
    {
        long step = Math.Max(1, (long)((Int128)plan.Extents[axis] * limit / plan.Bytes));
        bool unit = axis == 0 || axis == plan.TileAxis;
        return unit && step > Line ? step / Line * Line : step;
    }
}
