using System.Diagnostics;
using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Copying;

namespace TensorBridge.GpuBenchmark;

/// <summary>Checks a case once against the host's copy, then times it by events between two memcpys of the same payload.</summary>
internal sealed class CopyRunner : IDisposable
{
    private readonly CudaBridge _bridge;
    private readonly Options _options;
    private readonly AcceleratorStream _stream;
    private readonly Clock _clock;
    private readonly Check _check;

    public CopyRunner(CudaBridge bridge, Options options)
    {
        _bridge = bridge;
        _options = options;
        _stream = bridge.CreateStream();
        _clock = new Clock(bridge, _stream, options);
        _check = new Check(bridge, _stream);
    }

    private long CacheBytes => _bridge.CudaAccelerator.L2CacheSize;

    /// <summary>Measures a case.</summary>
    public Measurement Run(BenchmarkCase each)
    {
        using Rotation rotation = Rotation.Of(each.SourceBytes + each.DestinationBytes, CacheBytes, () => Pair(each));
        (TensorHandle source, TensorHandle destination) = rotation.First;
        using TensorHandle sourceBlock = Block(source, each.SourceOffset, each.SourceBytes);
        using TensorHandle destinationBlock = Block(destination, 0, each.DestinationBytes);
        bool correct = _check.Run(each, sourceBlock, destinationBlock, () => Copy(source, destination));
        foreach ((TensorHandle other, _) in rotation.Others)
        {
            using TensorHandle otherBlock = Block(other, each.SourceOffset, each.SourceBytes);
            Copy(sourceBlock, otherBlock);
        }

        double before = Memcpy(each.MovedBytes / 2);
        double time = _clock.Median(() => Copy(rotation));
        double after = Memcpy(each.MovedBytes / 2);
        return new Measurement(
            each.Name,
            each.SourceType.ToString(),
            each.SourceType.ItemSize,
            each.MovedBytes / 2,
            time,
            each.MovedBytes / time / 1e6,
            (before + after) / 2 / time,
            before,
            after,
            each.Target,
            each.Floor,
            correct,
            string.Join("; ", _bridge.KernelsOf(source, destination)));
    }

    /// <summary>Time to enqueue a transpose, and time until it is done, for payloads from 4 KiB to 16 MiB.</summary>
    public IEnumerable<LatencyMeasurement> Latencies()
    {
        for (long bytes = 4096; bytes <= Math.Min(16 << 20, _options.Payload); bytes *= 4)
        {
            long side = (long)Math.Sqrt(bytes / 4.0);
            using TensorHandle from = _bridge.Allocate<float>(side, side);
            using TensorHandle turned = from.T;
            using TensorHandle to = _bridge.Allocate<float>(side, side);
            yield return Latency(side * side * 4, () => _bridge.Copy(turned, to, _stream));
        }
    }

    public void Dispose()
    {
        _check.Dispose();
        _stream.Dispose();
    }

    private LatencyMeasurement Latency(long bytes, Action call)
    {
        int calls = Math.Max(1, 10 * _options.Launches);
        double enqueue = double.MaxValue;
        double done = double.MaxValue;
        call();
        for (int round = 0; round < Math.Max(1, _options.Rounds); round++)
        {
            _stream.Synchronize();
            enqueue = Math.Min(enqueue, Microseconds(calls, call));
            _stream.Synchronize();
            done = Math.Min(done, Microseconds(calls, () =>
            {
                call();
                _stream.Synchronize();
            }));
        }

        return new LatencyMeasurement("transpose", bytes, enqueue, done);
    }

    private static double Microseconds(int calls, Action call)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            call();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }

    private (TensorHandle Source, TensorHandle Destination) Pair(BenchmarkCase each)
    {
        using TensorHandle source = _bridge.Allocate<byte>(each.SourceBytes);
        using TensorHandle destination = _bridge.Allocate<byte>(each.DestinationBytes);
        return (Blocks.View(source, each.SourceOffset, each.SourceType, each.Source), Blocks.View(destination, 0, each.DestinationType, each.Destination));
    }

    // All bytes of the block under a view.
    private static TensorHandle Block(TensorHandle view, long offset, long bytes) => Blocks.View(view, -offset, DType.UInt8, Layout.Contiguous([bytes], 1));

    private void Copy(Rotation rotation)
    {
        (TensorHandle source, TensorHandle destination) = rotation.Next();
        Copy(source, destination);
    }

    private void Copy(TensorHandle source, TensorHandle destination) => _bridge.Copy(source, destination, _stream, CastingRule.Unsafe);

    private double Memcpy(long bytes)
    {
        using Rotation rotation = Rotation.Of(2 * bytes, CacheBytes, () => (_bridge.Allocate<byte>(bytes), _bridge.Allocate<byte>(bytes)));
        return _clock.Median(() => Copy(rotation));
    }
}
