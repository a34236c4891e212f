using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.Benchmarks;

/// <summary>Launches of element-wise kernels on host memory: 12 elements for the cost of a call, 10 million beside the same loop written by hand.</summary>
[MemoryDiagnoser]
public unsafe class KernelBenchmarks
{
    private KernelModule _module = null!;
    private ModuleKernel _kernel = null!;
    private TensorHandle _x = null!;
    private TensorHandle _y = null!;

    /// <summary>Elements.</summary>
    [Params(12, 10_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string folder = AppContext.BaseDirectory.Replace("TensorBridge.Benchmarks", "TensorBridge.SampleKernels", StringComparison.Ordinal);
        _module = KernelModule.Load(Path.Combine(folder, "TensorBridge.SampleKernels.dll"));
        _kernel = _module.Kernel("MyKernels.Saxpy");
        _x = Allocate();
        _y = Allocate();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _x.Dispose();
        _y.Dispose();
        _module.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void LoopByHand()
    {
        float* x = (float*)_x.Data;
        float* y = (float*)_y.Data;
        for (int i = 0; i < Count; i++)
            y[i] = (2 * x[i]) + y[i];
    }

    [Benchmark]
    public void Launch() => _kernel.Launch(2.0, _x, _y);

    private TensorHandle Allocate()
    {
        var memory = (nuint)NativeMemory.AlignedAlloc((nuint)Count * 4, 64);
        new Span<float>((void*)memory, Count).Fill(1);
        return new TensorHandle(new TensorDescriptor(memory, DType.Float32, Layout.Contiguous([Count], 4), Device.Cpu), null, () => NativeMemory.AlignedFree((void*)memory));
    }
}
