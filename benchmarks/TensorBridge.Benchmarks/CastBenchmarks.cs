using BenchmarkDotNet.Attributes;
using TensorBridge.Copying;

namespace TensorBridge.Benchmarks;

/// <summary>Conversions of contiguous runs that stay in the second-level cache, against a copy of the bytes written.</summary>
public unsafe class CastBenchmarks
{
    private const int Count = 32 * 1024;
    private byte[] _source = [];
    private byte[] _destination = [];

    /// <summary>The two types.</summary>
    [ParamsSource(nameof(Pairs))]
    public (ElementType From, ElementType To) Pair { get; set; }

    public static IEnumerable<(ElementType, ElementType)> Pairs =>
    [
        (ElementType.Float64, ElementType.Float32), (ElementType.Float32, ElementType.Float64), (ElementType.Float32, ElementType.Float16),
        (ElementType.Float16, ElementType.Float32), (ElementType.Float64, ElementType.Float16), (ElementType.Float32, ElementType.BFloat16),
        (ElementType.UInt8, ElementType.Float32), (ElementType.Float32, ElementType.UInt8), (ElementType.Int64, ElementType.Int8), (ElementType.Int8, ElementType.Int64),
        (ElementType.Int64, ElementType.Float64), (ElementType.Float64, ElementType.Int64), (ElementType.Float64, ElementType.UInt64), (ElementType.Int32, ElementType.Float32),
        (ElementType.Float64, ElementType.Boolean), (ElementType.Boolean, ElementType.Float64), (ElementType.Complex128, ElementType.Float64), (ElementType.Float64, ElementType.Complex128),
    ];

    [GlobalSetup]
    public void Setup()
    {
        _source = GC.AllocateArray<byte>((Count * 16) + 64, pinned: true);
        _destination = GC.AllocateArray<byte>((Count * 16) + 64, pinned: true);
    }

    [Benchmark(Baseline = true)]
    public void CopyOfTheBytesWritten() => _source.AsSpan(0, Count * Pair.To.Size()).CopyTo(_destination);

    [Benchmark]
    public void Convert()
    {
        fixed (byte* source = _source, destination = _destination)
            CastKernels.Convert(Pair.From, Pair.To, source, destination, Count);
    }
}
