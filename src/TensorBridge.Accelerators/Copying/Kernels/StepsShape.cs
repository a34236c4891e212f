namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of kernels whose inner axis has any stride on either side.</summary>
internal struct StepsShape : IKernelShape
{
    public RowsShape Rows;

    /// <summary>Words between neighbours of the inner axis.</summary>
    public long SourceStep;
    public long DestinationStep;

    /// <inheritdoc/>
    public void Move(long source, long destination) => Rows.Move(source, destination);
}
