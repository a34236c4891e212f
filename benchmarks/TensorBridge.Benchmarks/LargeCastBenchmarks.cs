using BenchmarkDotNet.Attributes;
using TensorBridge.Copying;

namespace TensorBridge.Benchmarks;

/// <summary>Casts of 8 Mi elements through memory, one thread: dense, and from the transposed layout.</summary>
public unsafe class LargeCastBenchmarks
{
    private const int Rows = 2048;
    private const int Columns = 4096;
    private static readonly CopyOptions Unsafe = new() { MaxDegree = 1, Casting = CastingRule.Unsafe };
    private TensorHandle _source = null!;
    private TensorHandle _transposed = null!;
    private TensorHandle _destination = null!;

    /// <summary>The two types.</summary>
    [Params("<f8 <f4", "<f4 <f8", "<f4 <f2", ">f4 <f4", "<i4 >f8", "|u1 <f4")]
    public string Types { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string[] names = Types.Split(' ');
        _source = TensorAllocator.Shared.Allocate(DType.Parse(names[0]), [Rows, Columns], zero: true);
        _transposed = TensorAllocator.Shared.Allocate(DType.Parse(names[0]), [Rows, Columns], Order.F, zero: true);
        _destination = TensorAllocator.Shared.Allocate(DType.Parse(names[1]), [Rows, Columns], zero: true);
    }

    [Benchmark(Baseline = true)]
    public void MemcpyOfTheBytesWritten()
    {
        // Half and half, so that no source is shorter than what is copied.
        long half = _destination.Descriptor.ByteLength / 2;
        Buffer.MemoryCopy((void*)_destination.Data, (void*)(_destination.Data + (nuint)half), half, half);
        Buffer.MemoryCopy((void*)(_destination.Data + (nuint)half), (void*)_destination.Data, half, half);
    }

    [Benchmark]
    public void Dense() => TensorCopy.Copy(_source, _destination, Unsafe);

    [Benchmark]
    public void Transposed() => TensorCopy.Copy(_transposed, _destination, Unsafe);
}
