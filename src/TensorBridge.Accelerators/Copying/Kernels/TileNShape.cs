namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of a transpose between two virtual axes, each made of up to four axes of the plan.</summary>
internal struct TileNShape : IKernelShape
{
    public FastDivisor TilesX;
    public FastDivisor TilesY;

    /// <summary>Lengths of the virtual axes.</summary>
    public int Width;
    public int Height;

    /// <summary>The lowest word of the first row and column, in words from the start of the views.</summary>
    public long SourceStart;
    public long DestinationStart;

    /// <summary>Words from the lowest to the first one of a virtual axis: axes whose source runs backwards.</summary>
    public uint LeadX;
    public uint LeadY;

    /// <summary>Axes in the order of the source, its unit axis first.</summary>
    public OffsetAxes X;

    /// <summary>Axes in the order of the destination, its unit axis first.</summary>
    public OffsetAxes Y;

    /// <inheritdoc/>
    public void Move(long source, long destination)
    {
        SourceStart += source;
        DestinationStart += destination;
    }
}
