namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of kernels whose inner axis has any stride on either side.</summary>
internal struct StepsShape
{
    public RowsShape Rows;

    /// <summary>Words between neighbours of the inner axis.</summary>
    public long SourceStep;
    public long DestinationStep;
}
