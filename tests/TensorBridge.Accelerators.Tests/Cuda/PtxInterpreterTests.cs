using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>The PTX that ILGPU really emits computes what C# says; what a GPU would refuse is refused.</summary>
public sealed class PtxInterpreterTests : StandInTest
{
    private readonly CudaBridge _bridge;
    private readonly Accelerator _accelerator;

    public PtxInterpreterTests(StandInFixture fixture)
        : base(fixture)
    {
        _bridge = CudaBridge.Create(options: new CudaBridgeOptions { Configure = builder => builder.EnableAlgorithms() });
        _accelerator = _bridge.Accelerator;
    }

    public override void Dispose()
    {
        _bridge.Dispose();
        base.Dispose();
    }

    [Fact]
    public void WideWordsAndHalves()
    {
        using var source = Buffer(Enumerable.Range(0, 16).Select(i => new Kernels.Word16 { X = (uint)i, Y = 2, Z = 3, W = (uint)(i * 7) }).ToArray());
        using var target = Buffer(new Kernels.Word16[16]);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<Kernels.Word16>, ArrayView<Kernels.Word16>>(Kernels.Copy16)(16, source.View.AsContiguous(), target.View.AsContiguous());
        Assert.Equal(source.GetAsArray1D(), target.GetAsArray1D());

        using var a = Buffer(Enumerable.Range(0, 9).Select(i => (ILGPU.Half)(i * 0.5f)).ToArray());
        using var b = Buffer(Enumerable.Range(0, 9).Select(i => (ILGPU.Half)(float)i).ToArray());
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<ILGPU.Half>, ArrayView<ILGPU.Half>>(Kernels.HalfSum)(9, a.View.AsContiguous(), b.View.AsContiguous());
        Assert.Equal(Enumerable.Range(0, 9).Select(i => i * 1.5f), b.GetAsArray1D().Select(h => (float)h));
    }

    [Fact]
    public void SwitchesCallsAndLocalMemory()
    {
        using var choices = Buffer([0, 1, 2, 3, 4, 5, -3, 1 << 20]);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>>(Kernels.Switch)(8, choices.View.AsContiguous());
        Assert.Equal([50, 71, 92, 83, 774, -1, -1, -1], choices.GetAsArray1D());

        Kernels.Mixed[] input = [.. Enumerable.Range(0, 40).Select(i => new Kernels.Mixed { A = (byte)(i * 9), B = i - 7, C = i * 2.5 })];
        using var mixed = Buffer(input);
        using var longs = Buffer(new long[40]);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<Kernels.Mixed>, ArrayView<long>>(Kernels.Calls)(40, mixed.View.AsContiguous(), longs.View.AsContiguous());
        Assert.Equal(input.Select((m, i) => Kernels.Polynomial(i, m) - Kernels.Polynomial(i % 3, m)), longs.GetAsArray1D());

        int[] numbers = [.. Enumerable.Range(3, 16)];
        using var sixteen = Buffer(numbers);
        using var sums = Buffer(new int[5]);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, ArrayView<int>>(Kernels.LocalMemorySum)(5, sixteen.View.AsContiguous(), sums.View.AsContiguous());
        Assert.Equal(Enumerable.Range(0, 5).Select(i => numbers.Reverse().Aggregate(0, (sum, n) => (sum * 3) + (n * i))), sums.GetAsArray1D());
    }

    [Fact]
    public void SharedMemoryBarriersAndBlockVotes()
    {
        using var view = Buffer(Enumerable.Range(0, 128).ToArray());
        _accelerator.LoadStreamKernel<ArrayView<int>>(Kernels.ReverseInBlock)((2, 64), view.View.AsContiguous());
        Assert.Equal(Enumerable.Range(0, 64).Reverse().Concat(Enumerable.Range(64, 64).Reverse()), view.GetAsArray1D());

        using var votes = Buffer(Enumerable.Range(0, 128).ToArray());
        _accelerator.LoadStreamKernel<ArrayView<int>>(Kernels.BlockVotes)((2, 64), votes.View.AsContiguous());
        Assert.Equal(Enumerable.Repeat(60 * 4, 64).Concat(Enumerable.Repeat((64 * 4) + 3, 64)), votes.GetAsArray1D());
    }

    [Fact]
    public void ShufflesExchangeWithinAWarp()
    {
        int[] values = [.. Enumerable.Range(0, 64).Select(i => i % 32)];
        using var input = Buffer(values);
        using var output = Buffer(new int[64]);
        using var wide = Buffer(Enumerable.Range(0, 64).Select(i => i * 1e300).ToArray());
        _accelerator.LoadStreamKernel<ArrayView<int>, ArrayView<int>, ArrayView<double>>(Kernels.Shuffles)((1, 64), input.View.AsContiguous(), output.View.AsContiguous(), wide.View.AsContiguous());
        IEnumerable<int> expected = Enumerable.Range(0, 64).Select(i => i % 32).Select(lane =>
            (lane + 3 < 32 ? lane + 3 : lane) + (1000 * (lane ^ 5)) + (1000000 * 7) + (100 * (lane >= 4 ? lane - 4 : lane)));
        Assert.Equal(expected, output.GetAsArray1D());
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (i % 32 < 30 ? i + 2 : i) * 1e300), wide.GetAsArray1D());

        using var diverged = Buffer(Enumerable.Repeat(0, 64).ToArray());
        _accelerator.LoadStreamKernel<ArrayView<int>>(Kernels.DivergeThenShuffle)((1, 64), diverged.View.AsContiguous());
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i % 32).Select(lane => lane % 2 == 0 ? 0 : (lane - 1) * (lane - 2) / 2), diverged.GetAsArray1D());
    }

    [Fact]
    public void ReductionsAndScansOfIlgpuAlgorithms()
    {
        using var input = Buffer(Enumerable.Range(0, 512).Select(i => (float)i).ToArray());
        using var output = Buffer(new float[1]);
        _accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>>(Kernels.ReduceBlocks)((4, 128), input.View.AsContiguous(), output.View.AsContiguous());
        Assert.Equal(511 * 512 / 2, output.GetAsArray1D()[0]);

        using var numbers = Buffer(Enumerable.Range(1, 96).ToArray());
        using var sums = Buffer(new int[96]);
        _accelerator.LoadStreamKernel<ArrayView<int>, ArrayView<int>>(Kernels.ScanBlock)((1, 96), numbers.View.AsContiguous(), sums.View.AsContiguous());
        Assert.Equal(Enumerable.Range(1, 96).Select(i => i * (i + 1) / 2), sums.GetAsArray1D());

        using var total = Buffer(new int[1]);
        _accelerator.Reduce<int, Stride1D.Dense, ILGPU.Algorithms.ScanReduceOperations.AddInt32>(_accelerator.DefaultStream, numbers.View, total.View.AsContiguous());
        Assert.Equal(96 * 97 / 2, total.GetAsArray1D()[0]);
    }

    [Fact]
    public void AtomicsCountEveryThread()
    {
        using var view = Buffer(new int[104]);
        using var wide = Buffer(Enumerable.Range(0, 101).Select(i => (double)i).ToArray());
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, ArrayView<double>>(Kernels.Atomics)(100, view.View.AsContiguous(), wide.View.AsContiguous());
        int[] counts = view.GetAsArray1D();
        Assert.Equal([99, 100, 7, 255], counts[..4]);
        Assert.Equal(Enumerable.Range(0, 100), counts[4..].Order());
        Assert.Equal(5050, wide.GetAsArray1D()[0]);
    }

    [Fact]
    public void ArithmeticAgreesWithCSharp()
    {
        float[] floats = [0.1f, 1f, 2.5f, 7.25f, 100f];
        using var singles = Buffer(floats);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.Math32)(5, singles.View.AsContiguous());
        float[] results = singles.GetAsArray1D();
        for (int i = 0; i < floats.Length; i++)
        {
            double x = floats[i];
            double expected = Math.Sin(x) + Math.Exp(x) + Math.Log(x) + Math.Sqrt(x) + Math.Floor(x) + x + Math.Min(x, 1) + (floats[i] % 0.75f);
            Assert.True(float.IsPositiveInfinity(results[i]) ? expected > float.MaxValue : Math.Abs(results[i] - expected) <= 1e-4 * Math.Abs(expected), $"{x}: {results[i]} instead of {expected}");
        }

        double[] doubles = [0.5, 2, 3.75, 1e6];
        using var wide = Buffer(doubles);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>>(Kernels.Math64)(4, wide.View.AsContiguous());
        Assert.Equal(doubles.Select(x => Math.Sqrt(x) + Math.Floor(x) + (float)x + (int)x + (ulong)x + (x / 3) + Math.Max(x, 2)), wide.GetAsArray1D());
    }

    [Fact]
    public void IntegersOfAllWidthsAgreeWithCSharp()
    {
        int[] words = [0, 1, -1, 123456, -123456, int.MaxValue, int.MinValue + 1];
        long[] longs = [0, -1, 1L << 40, -(1L << 50), 77, long.MaxValue, -5];
        byte[] bytes = [0, 1, 55, 56, 100, 200, 255];
        short[] shorts = [0, 1, -1, 2, 300, short.MaxValue, short.MinValue];
        sbyte[] signed = [0, 1, -1, 9, -9, 127, -128];
        using var w = Buffer(words);
        using var l = Buffer(longs);
        using var b = Buffer(bytes);
        using var s = Buffer(shorts);
        using var t = Buffer(signed);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, ArrayView<long>, ArrayView<byte>, ArrayView<short>, ArrayView<sbyte>>(Kernels.Integers)(
            7, w.View.AsContiguous(), l.View.AsContiguous(), b.View.AsContiguous(), s.View.AsContiguous(), t.View.AsContiguous());
        Assert.Equal(words.Select(x => unchecked((x / 7) + (x % 5) + (x << 3) + (x >> 2) + (int)((uint)x >> 3) + int.PopCount(x) + ~x + (x ^ 33) + (x & 9) + Math.Min(x, 4) + Math.Abs(x))), w.GetAsArray1D());
        Assert.Equal(longs.Select((x, i) => unchecked((x / (i + 1)) + (x % 3) + ((x >> 1) * words[i]))), l.GetAsArray1D());
        Assert.Equal(bytes.Select(x => (byte)(x + 200)), b.GetAsArray1D());
        Assert.Equal(shorts.Select(x => (short)(x * 30000)), s.GetAsArray1D());
        Assert.Equal(signed.Select(x => (sbyte)(x / 3)), t.GetAsArray1D());
    }

    [Fact]
    public void ComparisonsKnowNaN()
    {
        float[] values = [1, 2, 2.5f, 3, float.NaN, float.NegativeInfinity];
        using var view = Buffer(values);
        using var output = Buffer(new byte[6]);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<byte>>(Kernels.Comparisons)(6, view.View.AsContiguous(), output.View.AsContiguous());
        Assert.Equal(
            values.Select(x => (byte)((x < 2f ? 1 : 0) + (!(x <= 2f) ? 2 : 0) + (x >= 3f || float.IsNaN(x) ? 4 : 0) + (float.IsNaN(x) ? 0 : 8) + (x != 1f ? 16 : 0))),
            output.GetAsArray1D());
    }

    [Fact]
    public void AnAccessOutsideItsAllocationSpoilsTheContext()
    {
        using var view = Buffer(new int[8]);
        var write = _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, long>(Kernels.WriteAt);
        write(1, view.View.AsContiguous(), 8);
        TensorDeviceException error = Assert.Throws<TensorDeviceException>(_bridge.Synchronize);
        Assert.Equal(700, error.ErrorCode);
        Assert.Equal("CUDA_ERROR_ILLEGAL_ADDRESS", error.ErrorName);
        Assert.Contains("illegal address", PtxLauncher.LastFault);
        Assert.Equal(700, Assert.Throws<TensorDeviceException>(() => _bridge.Allocate<float>(4)).ErrorCode);
        FakeCuda.ResetSticky();
        write(1, view.View.AsContiguous(), 7);
        _bridge.Synchronize();
    }

    [Fact]
    public void AMisalignedWideAccessIsAFault()
    {
        using TensorHandle memory = _bridge.Allocate<byte>(64);
        using var target = Buffer(new Kernels.Word16[2]);
        using var odd = new ForeignCudaBuffer(_accelerator, memory, memory.Data + 4, 2, 16);
        _accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<Kernels.Word16>, ArrayView<Kernels.Word16>>(Kernels.Copy16)(
            1, odd.AsArrayView<Kernels.Word16>(0, 2), target.View.AsContiguous());
        Assert.Equal(716, Assert.Throws<TensorDeviceException>(_bridge.Synchronize).ErrorCode);
        Assert.Contains("misaligned", PtxLauncher.LastFault);
        FakeCuda.ResetSticky();
    }

    private MemoryBuffer1D<T, Stride1D.Dense> Buffer<T>(T[] values)
        where T : unmanaged => _accelerator.Allocate1D(values);
}
