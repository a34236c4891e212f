using TensorBridge.Copying;

namespace TensorBridge.Tests.Copying;

/// <summary>A copy with both layouts, made from axes: the destination never overlaps itself, the source may be broadcast.</summary>
public sealed record CopyCase(CopyOp Op, AxisSpec[] Axes, int SourceOffset, int DestinationOffset, int Seed)
{
    public long[] Shape => [.. Axes.Select(a => (long)a.Extent)];

    public long[] SourceStrides => Strides(a => a.SourceKey, a => a.SourceGap, a => a.SourceFlip, Op.SourceItemSize, a => a.Broadcast);

    public long[] DestinationStrides => Strides(a => a.DestinationKey, a => a.DestinationGap, a => a.DestinationFlip, Op.DestinationItemSize, _ => false);

    /// <summary>Lowest and highest byte touched, from element 0.</summary>
    public (long Low, long High) Extent(long[] strides, int item)
    {
        long low = 0;
        long high = item;
        long[] shape = Shape;
        for (int i = 0; i < shape.Length; i++)
        {
            if (strides[i] < 0)
                low += (shape[i] - 1) * strides[i];
            else
                high += (shape[i] - 1) * strides[i];
        }
        return (low, high);
    }

    public override string ToString() =>
        $"{Op}, shape ({string.Join(", ", Shape)}), source ({string.Join(", ", SourceStrides)}) at +{SourceOffset}, destination ({string.Join(", ", DestinationStrides)}) at +{DestinationOffset}, seed {Seed}";

    private long[] Strides(Func<AxisSpec, int> key, Func<AxisSpec, int> gap, Func<AxisSpec, bool> flip, int item, Func<AxisSpec, bool> broadcast)
    {
        long[] strides = new long[Axes.Length];
        long stride = item;
        foreach (int axis in Enumerable.Range(0, Axes.Length).OrderBy(i => key(Axes[i])).ThenByDescending(i => i))
        {
            if (broadcast(Axes[axis]))
                continue;
            stride += gap(Axes[axis]);
            strides[axis] = flip(Axes[axis]) ? -stride : stride;
            stride *= Axes[axis].Extent;
        }
        return strides;
    }
}
