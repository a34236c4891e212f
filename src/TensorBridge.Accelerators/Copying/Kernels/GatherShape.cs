namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of the gather kernel: how many words, and where the first lies on both sides.</summary>
internal struct GatherShape : IKernelShape
{
    public uint Count;
    public long SourceStart;
    public long DestinationStart;

    /// <inheritdoc/>
    public void Move(long source, long destination)
    {
        SourceStart += source;
        DestinationStart += destination;
    }
}
