namespace TensorBridge.GpuBenchmark;

/// <summary>One copy to measure: two views of blocks of memory, and what the design expects of it.</summary>
/// <param name="Name">The case, without the element type.</param>
/// <param name="SourceType">Element type read.</param>
/// <param name="DestinationType">Element type written.</param>
/// <param name="Source">Shape and byte strides of the source.</param>
/// <param name="SourceOffset">Bytes from the start of the source's block to element 0.</param>
/// <param name="SourceBytes">Bytes of the source's block.</param>
/// <param name="Destination">Shape and byte strides of the destination, whose element 0 begins its block.</param>
/// <param name="DestinationBytes">Bytes of the destination's block.</param>
/// <param name="Target">Fraction of the rate of a memcpy that is aimed at.</param>
/// <param name="Floor">A fraction below this is a bug.</param>
internal sealed record BenchmarkCase(
    string Name,
    DType SourceType,
    DType DestinationType,
    Layout Source,
    long SourceOffset,
    long SourceBytes,
    Layout Destination,
    long DestinationBytes,
    double Target,
    double Floor)
{
    /// <summary>Bytes that the copy reads and writes, each element once.</summary>
    public long MovedBytes => Destination.ElementCount * (SourceType.ItemSize + DestinationType.ItemSize);
}
