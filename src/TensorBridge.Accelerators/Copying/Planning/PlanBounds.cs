using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The bytes a plan touches on both sides.</summary>
internal static class PlanBounds
{
    /// <summary>Bytes from the first source word down to the lowest: zero or negative.</summary>
    public static long SourceLow(Plan plan)
    {
        long low = 0;
        for (int i = 0; i < plan.Rank; i++)
            low += Math.Min(0, (plan.Extents[i] - 1) * plan.SourceStrides[i]);
        return low;
    }

    /// <summary>Bytes from the lowest source byte to the end of the highest source word.</summary>
    public static long SourceSpan(Plan plan)
    {
        long span = plan.SourceWordSize;
        for (int i = 0; i < plan.Rank; i++)
            span += Math.Abs((plan.Extents[i] - 1) * plan.SourceStrides[i]);
        return span;
    }

    /// <summary>Bytes from the first destination word to the end of the last: destination strides are positive.</summary>
    public static long DestinationSpan(Plan plan)
    {
        long span = plan.WordSize;
        for (int i = 0; i < plan.Rank; i++)
            span += (plan.Extents[i] - 1) * plan.DestinationStrides[i];
        return span;
    }
}
