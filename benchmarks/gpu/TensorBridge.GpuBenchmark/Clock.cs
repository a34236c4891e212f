using ILGPU.Runtime;
using TensorBridge.Accelerators;

namespace TensorBridge.GpuBenchmark;

/// <summary>Times work on a stream by events.</summary>
internal sealed class Clock(CudaBridge bridge, AcceleratorStream stream, Options options)
{
    /// <summary>Milliseconds of one launch: the median over rounds of many launches between two events.</summary>
    public double Median(Action launch)
    {
        launch();
        stream.Synchronize();
        double[] times = [.. Enumerable.Range(0, Math.Max(1, options.Rounds)).Select(_ => Round(launch)).Order()];
        return times[times.Length / 2];
    }

    private double Round(Action launch)
    {
        using ProfilingMarker start = Mark();
        for (int i = 0; i < options.Launches; i++)
            launch();
        using ProfilingMarker end = Mark();
        stream.Synchronize();
        return end.MeasureFrom(start).TotalMilliseconds / Math.Max(1, options.Launches);
    }

    private ProfilingMarker Mark()
    {
        using CudaScope scope = bridge.Activate();
        return stream.AddProfilingMarker();
    }
}
