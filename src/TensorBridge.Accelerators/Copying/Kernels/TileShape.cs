namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of a batch of 2-D transposes: <c>destination[x * pitch + y] = source[y * pitch + x]</c>.</summary>
/// <remarks>
/// <c>x</c> runs along the axis that is unit in the source, <c>y</c> along the one that is unit in the destination. Starts, pitches and the
/// strides of the batch axes count words of the views that the kernel is given; width and height count elements.
/// </remarks>
internal struct TileShape : IKernelShape
{
    public FastDivisor TilesX;
    public FastDivisor TilesY;
    public int Width;
    public int Height;
    public long SourceStart;
    public long SourcePitch;
    public long DestinationStart;
    public long DestinationPitch;

    /// <summary>The tile of a block, and the index over the batch. Neighbouring blocks follow the source.</summary>
    public readonly uint Locate(uint block, out int tileX, out int tileY)
    {
        uint rest = TilesX.Divide(block);
        tileX = (int)(block - (rest * TilesX.Divisor));
        uint outer = TilesY.Divide(rest);
        tileY = (int)(rest - (outer * TilesY.Divisor));
        return outer;
    }

    /// <inheritdoc/>
    public void Move(long source, long destination)
    {
        SourceStart += source;
        DestinationStart += destination;
    }
}
