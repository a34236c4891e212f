using BenchmarkDotNet.Attributes;
using TensorBridge.Copying;

namespace TensorBridge.Benchmarks;

/// <summary>Whole calls of <see cref="TensorCopy"/> on float32, one thread.</summary>
[MemoryDiagnoser]
public unsafe class CopyBenchmarks
{
    private static readonly CopyOptions OneThread = new() { MaxDegree = 1 };
    private TensorHandle _dense = null!;
    private TensorHandle _transposed = null!;
    private TensorHandle _big = null!;
    private TensorHandle _destination = null!;

    /// <summary>Rows and columns.</summary>
    [Params(8, 256, 2048)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _dense = TensorAllocator.Shared.Allocate(DType.Float32, [Side, Side], zero: true);
        _transposed = TensorAllocator.Shared.Allocate(DType.Float32, [Side, Side], Order.F, zero: true);
        _big = TensorAllocator.Shared.Allocate(DType.Float32.WithByteOrder(ByteOrder.Big), [Side, Side], zero: true);
        _destination = TensorAllocator.Shared.Allocate(DType.Float32, [Side, Side], zero: true);
    }

    [Benchmark(Baseline = true)]
    public void Memcpy() => Buffer.MemoryCopy((void*)_dense.Data, (void*)_destination.Data, _dense.Descriptor.ByteLength, _dense.Descriptor.ByteLength);

    [Benchmark]
    public void Contiguous() => TensorCopy.Copy(_dense, _destination, OneThread);

    [Benchmark]
    public void Transpose() => TensorCopy.Copy(_transposed, _destination, OneThread);

    [Benchmark]
    public void ByteSwap() => TensorCopy.Copy(_big, _destination, OneThread);

    [Benchmark]
    public void Fill() => TensorCopy.Fill(_destination, 1f, OneThread);
}
