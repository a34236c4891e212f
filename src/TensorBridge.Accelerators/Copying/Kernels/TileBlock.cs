namespace TensorBridge.Accelerators.Copying;

/// <summary>One tile for <see cref="TileEdge"/>: its place on both sides and its sides as powers of two, all in elements.</summary>
internal struct TileBlock
{
    public long From;
    public long To;
    public long SourcePitch;
    public long DestinationPitch;
    public int WidthLog2;
    public int HeightLog2;

    /// <summary>Elements between neighbouring columns in shared memory.</summary>
    public int Pitch;
}
