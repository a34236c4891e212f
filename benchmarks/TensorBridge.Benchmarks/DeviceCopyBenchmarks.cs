using BenchmarkDotNet.Attributes;
using TensorBridge.Accelerators;

namespace TensorBridge.Benchmarks;

/// <summary>Copies by kernels on the accelerators of this machine. The CPU accelerator is an emulator: its figures say nothing about a GPU.</summary>
[MemoryDiagnoser]
public class DeviceCopyBenchmarks
{
    private AcceleratorBridge _bridge = null!;
    private TensorHandle _dense = null!;
    private TensorHandle _transposed = null!;
    private TensorHandle _destination = null!;
    private TensorHandle _halves = null!;

    /// <summary>The accelerators at hand.</summary>
    public static IEnumerable<string> Accelerators => CudaBridge.DeviceCount > 0 ? ["cpu", "cuda"] : ["cpu"];

    [ParamsSource(nameof(Accelerators))]
    public string Accelerator { get; set; } = "cpu";

    [Params(32, 256)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bridge = Accelerator == "cuda" ? CudaBridge.Create() : HostBridge.Create();
        _dense = _bridge.Allocate<float>(Side, Side);
        _transposed = _dense.T;
        _destination = _bridge.Allocate<float>(Side, Side);
        _halves = _bridge.Allocate<Half>(Side, Side);
        _bridge.Fill(_dense, 1f);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _halves.Dispose();
        _destination.Dispose();
        _transposed.Dispose();
        _dense.Dispose();
        _bridge.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Contiguous() => Copy(_dense, _destination);

    [Benchmark]
    public void Transpose() => Copy(_transposed, _destination);

    [Benchmark]
    public void Cast() => Copy(_dense, _halves);

    [Benchmark]
    public void Fill()
    {
        _bridge.Fill(_destination, 1f);
        Wait();
    }

    /// <summary>What a caller pays who does not wait. On the CPU accelerator nothing is left to wait for.</summary>
    [Benchmark]
    public void EnqueueTranspose() => _bridge.Copy(_transposed, _destination);

    private void Copy(TensorHandle source, TensorHandle destination)
    {
        _bridge.Copy(source, destination);
        Wait();
    }

    private void Wait()
    {
        if (_bridge is CudaBridge cuda)
            cuda.Synchronize();
    }
}
