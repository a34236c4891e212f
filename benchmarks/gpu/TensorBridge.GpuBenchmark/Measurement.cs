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
    string Kernels);
