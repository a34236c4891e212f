namespace TensorBridge.Accelerators.Copying;

/// <summary>As <see cref="AxisStep"/>, with offsets modulo 2^32.</summary>
internal struct OffsetStep
{
    public FastDivisor Extent;
    public uint Source;
    public uint Destination;

    public OffsetStep(AxisStep step)
    {
        Extent = step.Extent;
        Source = unchecked((uint)step.Source);
        Destination = unchecked((uint)step.Destination);
    }

    /// <summary>Adds the offsets of this axis for a linear index over it and the axes outside it; returns the index over those outside.</summary>
    public readonly uint Split(uint index, ref uint source, ref uint destination)
    {
        uint rest = Extent.Divide(index);
        Step(index - (rest * Extent.Divisor), ref source, ref destination);
        return rest;
    }

    /// <summary>Adds the offsets of this axis for an index on it alone.</summary>
    public readonly void Step(uint index, ref uint source, ref uint destination)
    {
        source += index * Source;
        destination += index * Destination;
    }
}
