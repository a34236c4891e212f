namespace TensorBridge.Copying;

/// <summary>The scalars of a plan while it is made; axes are in a span beside it.</summary>
internal struct PlanShape
{
    public CopyPath Path;
    public int Rank;
    public int SourceWord;
    public int DestinationWord;
    public long SourceOffset;
    public long DestinationOffset;
    public int TileAxis;
    public long Items;
    public bool IsAligned;
    public bool IsNested;
    public long WholeBytes;
}
