namespace TensorBridge.Copying.Host;

/// <summary>A two-dimensional transpose: source runs of <see cref="Columns"/> words become destination rows, destination runs of <see cref="Lines"/> words gather from source rows.</summary>
internal struct Tile
{
    /// <summary>Words side by side in the source; each starts a destination row.</summary>
    public TileSide Columns;

    /// <summary>Words side by side in the destination; each comes from a source row.</summary>
    public TileSide Lines;

    /// <summary>Bytes between neighbours along a source run: a word, or more (or less than nothing) where they must be gathered first.</summary>
    public nint SourceStep;

    /// <summary>Bytes between neighbours along a destination run: a word, or more where they are scattered.</summary>
    public nint DestinationStep;

    /// <summary>True when every destination row starts a multiple of a line after the first.</summary>
    public bool RowsKeepAlignment;
}
