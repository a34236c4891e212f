namespace TensorBridge.Accelerators.Copying;

/// <summary>The geometry of the fill kernel, and the value: a kernel parameter, so that nothing is read.</summary>
internal struct FillShape : IKernelShape
{
    public RowsShape Rows;
    public long DestinationStep;

    /// <summary>The word, repeated up to 16 bytes.</summary>
    public V16 Pattern;

    /// <inheritdoc/>
    public void Move(long source, long destination) => Rows.Move(source, destination);
}
