namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of images whose few channels are taken apart or put together.</summary>
/// <remarks>The side where channels are neighbours is counted in 16-byte words, the other in units of at least 4 bytes.</remarks>
internal struct ChannelsShape : IKernelShape
{
    /// <summary>Pieces of an image.</summary>
    public FastDivisor Tiles;

    /// <summary>A quarter of the units of one channel in a whole piece: a thread takes one unit of each quarter at a time.</summary>
    public FastDivisor Quarter;

    public FastDivisor Channels;

    /// <summary>Pixels of a whole piece, a multiple of 16.</summary>
    public int Step;

    /// <summary>Pixels of an image.</summary>
    public int Pixels;

    /// <summary>16-byte words of a whole piece, at most 1024.</summary>
    public int Vectors;

    /// <summary>Units between neighbouring channels on the side where channels are apart; all channels together span less than 2^32.</summary>
    public uint Pitch;
    public long SourceStart;
    public long DestinationStart;

    /// <inheritdoc/>
    public void Move(long source, long destination)
    {
        SourceStart += source;
        DestinationStart += destination;
    }
}
