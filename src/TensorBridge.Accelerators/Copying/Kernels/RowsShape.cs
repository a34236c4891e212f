namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of row kernels: runs of unit stride on both sides, and where the first of them lies.</summary>
internal struct RowsShape : IKernelShape
{
    /// <summary>Pieces into which a run is cut.</summary>
    public FastDivisor Tiles;

    /// <summary>Words of a run.</summary>
    public int Run;

    /// <summary>Whole pieces of a run.</summary>
    public int WholeTiles;

    /// <summary>Number of runs.</summary>
    public uint Rows;

    /// <summary>Threads side by side on one run, as a power of two. Only where several runs share a block.</summary>
    public int LanesLog2;

    /// <summary>The first word on both sides, in words from the start of the views.</summary>
    public long SourceStart;
    public long DestinationStart;

    /// <inheritdoc/>
    public void Move(long source, long destination)
    {
        SourceStart += source;
        DestinationStart += destination;
    }
}
