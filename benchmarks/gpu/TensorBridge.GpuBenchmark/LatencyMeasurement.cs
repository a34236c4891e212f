namespace TensorBridge.GpuBenchmark;

/// <summary>The cost of one small copy: to enqueue it, and until it is done.</summary>
internal sealed record LatencyMeasurement(string Case, long Bytes, double EnqueueMicroseconds, double DoneMicroseconds);
