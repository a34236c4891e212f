namespace TensorBridge.GpuBenchmark;

/// <summary>A case as the baselines in Python read it.</summary>
internal sealed record CaseFile(
    string Case,
    string Type,
    int ItemSize,
    string SourceType,
    string DestinationType,
    long[] Shape,
    long[] Strides,
    long Offset,
    long SourceBytes,
    long MovedBytes)
{
    public static CaseFile From(BenchmarkCase each) => new(
        each.Name,
        each.SourceType.ToString(),
        each.SourceType.ItemSize,
        each.SourceType.TypeString,
        each.DestinationType.TypeString,
        each.Source.Shape.ToArray(),
        each.Source.ByteStrides.ToArray(),
        each.SourceOffset,
        each.SourceBytes,
        each.MovedBytes);
}
