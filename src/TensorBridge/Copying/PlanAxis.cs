namespace TensorBridge.Copying;

/// <summary>One axis while it is planned: items or words, and byte strides.</summary>
internal struct PlanAxis
{
    public long Extent;
    public long Source;
    public long Destination;

    /// <summary>Inner axes have smaller destination strides; ties are broken by the source.</summary>
    public readonly bool ComesBefore(in PlanAxis other) =>
        Destination != other.Destination ? Destination < other.Destination : Math.Abs(Source) < Math.Abs(other.Source);
}
