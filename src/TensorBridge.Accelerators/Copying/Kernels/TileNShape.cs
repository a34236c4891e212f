namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of a transpose between two virtual axes, each made of up to four axes of the plan.</summary>
internal struct TileNShape : IKernelShape
{
    public FastDivisor TilesX;
    public FastDivisor TilesY;

    /// <summary>Sides of a tile, at most 64, chosen so that the last tile is about as large as the others.</summary>
    public int StepX;
    public int StepY;

    /// <summary>Lengths of the virtual axes.</summary>
    public int Width;
    public int Height;
    public long SourceStart;
    public long DestinationStart;

    /// <summary>Axes in the order of the source, its unit axis first.</summary>
    public Axes4 X;

    /// <summary>Axes in the order of the destination, its unit axis first.</summary>
    public Axes4 Y;

    /// <inheritdoc/>
    public void Move(long source, long destination)
    {
        SourceStart += source;
        DestinationStart += destination;
    }
}
