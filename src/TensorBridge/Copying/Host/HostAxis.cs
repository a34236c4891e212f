namespace TensorBridge.Copying.Host;

/// <summary>One axis of a copy: words and byte strides.</summary>
internal struct HostAxis(nint extent, nint source, nint destination)
{
    public nint Extent = extent;
    public nint Source = source;
    public nint Destination = destination;
}
