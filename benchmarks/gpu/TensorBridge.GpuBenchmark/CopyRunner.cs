using System.Diagnostics;
using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Copying;

namespace TensorBridge.GpuBenchmark;

/// <summary>Checks a case once against the host's copy, then times it by events between two memcpys of the same payload.</summary>
internal sealed class CopyRunner(CudaBridge bridge, int launches, int rounds)
{
    private readonly AcceleratorStream _stream = bridge.CreateStream();

    public Measurement Run(BenchmarkCase each)
    {
        using TensorHandle sourceBlock = bridge.Allocate<byte>(each.SourceBytes);
        using TensorHandle destinationBlock = bridge.Allocate<byte>(each.DestinationBytes);
        using TensorHandle source = View(sourceBlock, each.SourceOffset, each.SourceType, each.Source);
        using TensorHandle destination = View(destinationBlock, 0, each.DestinationType, each.Destination);
        bool correct = IsCorrect(each, sourceBlock, source, destinationBlock, destination);
        double before = Memcpy(each.MovedBytes / 2);
        double time = Median(() => bridge.Copy(source, destination, _stream, CastingRule.Unsafe));
        double after = Memcpy(each.MovedBytes / 2);
        double fraction = (before + after) / 2 / time;
        return new Measurement(
            each.Name,
            each.SourceType.ToString(),
            each.SourceType.ItemSize,
            each.MovedBytes / 2,
            time,
            each.MovedBytes / time / 1e6,
            fraction,
            before,
            after,
            each.Target,
            each.Floor,
            correct,
            string.Join("; ", bridge.KernelsOf(source, destination)));
    }

    /// <summary>Time to enqueue a transpose, and time until it is done, for payloads from 4 KiB to 16 MiB.</summary>
    public IEnumerable<LatencyMeasurement> Latencies()
    {
        for (long bytes = 4096; bytes <= 16 << 20; bytes *= 4)
        {
            long side = (long)Math.Sqrt(bytes / 4.0);
            using TensorHandle from = bridge.Allocate<float>(side, side);
            using TensorHandle turned = View(from, 0, DType.Float32, new Layout([side, side], [4, side * 4], 4));
            using TensorHandle to = bridge.Allocate<float>(side, side);
            const int Calls = 200;
            double enqueue = double.MaxValue;
            double done = double.MaxValue;
            for (int round = 0; round < rounds; round++)
            {
                _stream.Synchronize();
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < Calls; i++)
                    bridge.Copy(turned, to, _stream);
                enqueue = Math.Min(enqueue, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls);
                _stream.Synchronize();
                start = Stopwatch.GetTimestamp();
                for (int i = 0; i < Calls; i++)
                {
                    bridge.Copy(turned, to, _stream);
                    _stream.Synchronize();
                }
                done = Math.Min(done, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls);
            }
            yield return new LatencyMeasurement("transpose", side * side * 4, enqueue, done);
        }
    }

    private bool IsCorrect(BenchmarkCase each, TensorHandle sourceBlock, TensorHandle source, TensorHandle destinationBlock, TensorHandle destination)
    {
        using TensorHandle hostSource = TensorAllocator.Shared.Allocate(DType.UInt8, [each.SourceBytes]);
        using TensorHandle hostExpected = TensorAllocator.Shared.Allocate(DType.UInt8, [each.DestinationBytes]);
        using TensorHandle hostActual = TensorAllocator.Shared.Allocate(DType.UInt8, [each.DestinationBytes]);
        Randomize(hostSource);
        bridge.Copy(hostSource, sourceBlock, _stream);
        bridge.Fill(destinationBlock, (byte)0xA5, _stream);
        bridge.Copy(source, destination, _stream, CastingRule.Unsafe);
        bridge.Copy(destinationBlock, hostActual, _stream);
        _stream.Synchronize();
        using TensorHandle expectedSource = View(hostSource, each.SourceOffset, each.SourceType, each.Source);
        using TensorHandle expected = View(hostExpected, 0, each.DestinationType, each.Destination);
        TensorCopy.Copy(expectedSource, expected, CopyOptions.Default with { Casting = CastingRule.Unsafe });
        return AreEqual(hostExpected, hostActual);
    }

    /// <summary>Finite small numbers in every float type: a NaN's bits are not defined after a conversion.</summary>
    private static unsafe void Randomize(TensorHandle block)
    {
        byte* at = (byte*)block.Data;
        uint state = 12345;
        for (long i = 0; i < block.ElementCount; i++)
        {
            state = (state * 1664525) + 1013904223;
            at[i] = (byte)((state >> 24) & 0x3B);
        }
    }

    private static unsafe bool AreEqual(TensorHandle first, TensorHandle second)
    {
        const int Piece = 1 << 30;
        for (long at = 0; at < first.ElementCount; at += Piece)
        {
            int length = (int)Math.Min(Piece, first.ElementCount - at);
            if (!new ReadOnlySpan<byte>((byte*)first.Data + at, length).SequenceEqual(new ReadOnlySpan<byte>((byte*)second.Data + at, length)))
                return false;
        }
        return true;
    }

    private double Memcpy(long bytes)
    {
        using TensorHandle from = bridge.Allocate<byte>(bytes);
        using TensorHandle to = bridge.Allocate<byte>(bytes);
        return Median(() => bridge.Copy(from, to, _stream));
    }

    /// <summary>Milliseconds of one launch: the median over rounds of many launches between two events.</summary>
    private double Median(Action launch)
    {
        launch();
        _stream.Synchronize();
        double[] times = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            ProfilingMarker start = Mark();
            for (int i = 0; i < launches; i++)
                launch();
            ProfilingMarker end = Mark();
            _stream.Synchronize();
            times[round] = end.MeasureFrom(start).TotalMilliseconds / launches;
            start.Dispose();
            end.Dispose();
        }
        Array.Sort(times);
        return times[rounds / 2];
    }

    private ProfilingMarker Mark()
    {
        using CudaScope scope = bridge.Activate();
        return _stream.AddProfilingMarker();
    }

    private static TensorHandle View(TensorHandle block, long offset, DType type, Layout layout) =>
        new(new TensorDescriptor(block.Data + (nuint)offset, type, layout, block.Device), block);
}
