namespace TensorBridge.Accelerators.Copying;

/// <summary>One outer axis inside a kernel: its length, and what a step along it adds on both sides, in words.</summary>
internal struct AxisStep
{
    public FastDivisor Extent;
    public long Source;
    public long Destination;

    public AxisStep(long extent, long source, long destination)
    {
        Extent = new FastDivisor(extent);
        Source = source;
        Destination = destination;
    }

    /// <summary>An axis of length 1, to fill up a set of fixed size.</summary>
    public static AxisStep Single => new(1, 0, 0);

    /// <summary>Adds the offsets of this axis for a linear index over it and the axes outside it; returns the index over those outside.</summary>
    public readonly uint Split(uint index, ref long source, ref long destination)
    {
        uint rest = Extent.Divide(index);
        Step(index - (rest * Extent.Divisor), ref source, ref destination);
        return rest;
    }

    /// <summary>Adds the offsets of this axis for an index on it alone: the outermost axis needs no division.</summary>
    public readonly void Step(uint index, ref long source, ref long destination)
    {
        source += index * Source;
        destination += index * Destination;
    }
}
