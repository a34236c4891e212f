namespace TensorBridge.GpuBenchmark;

/// <summary>One copy to measure: two views of blocks of memory, and what the design expects of it.</summary>
/// <param name="Name">The case, without the element type.</param>
/// <param name="SourceType">Element type read.</param>
/// <param name="DestinationType">Element type written.</param>
/// <param name="Source">Shape and byte strides of the source. The destination is dense in C order.</param>
/// <param name="SourceOffset">Bytes from the start of the source's block to element 0.</param>
/// <param name="SourceBytes">Bytes of the source's block.</param>
/// <param name="Target">Fraction of the rate of a memcpy that is aimed at.</param>
/// <param name="Floor">A fraction below this is a bug.</param>
internal sealed record BenchmarkCase(
    string Name,
    DType SourceType,
    DType DestinationType,
    Layout Source,
    long SourceOffset,
    long SourceBytes,
    double Target,
    double Floor)
{
    /// <summary>Shape and byte strides of the destination, whose element 0 begins its block.</summary>
    public Layout Destination { get; } = Layout.Contiguous(Source.Shape, DestinationType.ItemSize);

    /// <summary>Bytes of the destination's block.</summary>
    public long DestinationBytes => Destination.PayloadBytes;

    /// <summary>Bytes that the copy reads and writes, each element once.</summary>
    public long MovedBytes => Destination.ElementCount * (SourceType.ItemSize + DestinationType.ItemSize);
}
