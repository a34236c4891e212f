namespace TensorBridge.GpuBenchmark;

/// <summary>What was measured of one case.</summary>
internal sealed record Measurement(
    string Case,
    string Type,
    int ItemSize,
    long Bytes,
    double Milliseconds,
    double GigabytesPerSecond,
    double MemcpyFraction,
    double MemcpyBefore,
    double MemcpyAfter,
    double Target,
    double Floor,
    bool Correct,
    string Kernels,
    string? Error = null)
{
    /// <summary>A case that ended with an error.</summary>
    public static Measurement Of(BenchmarkCase each, Exception error) =>
        new(each.Name, each.SourceType.ToString(), each.SourceType.ItemSize, each.MovedBytes / 2, 0, 0, 0, 0, 0, each.Target, each.Floor, Correct: false, "", $"{error.GetType().Name}: {error.Message}");

    /// <summary>What there is to say against it; empty when nothing.</summary>
    public string Verdict => Error ?? (!Correct ? "WRONG" : MemcpyFraction < Floor ? "below floor" : MemcpyFraction < Target ? "below target" : "");
}
