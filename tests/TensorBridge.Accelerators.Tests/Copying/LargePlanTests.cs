using System.Numerics;
using System.Runtime.InteropServices;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Tests.StandIn;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Plans beyond 2^31 words, and strides beyond 2^31 bytes.</summary>
public sealed unsafe partial class LargePlanTests
{
    public static IEnumerable<TheoryDataRow<long[], long[], long[], int>> Large =>
    [
        new([100_000, 60_000], [1, 100_000], [60_000, 1], 1),
        new([70_000, 70_000], [4, 280_000], [280_000, 4], 4),
        new([3, 5_000_000_000], [5_000_000_001, 1], [5_000_000_000, 1], 1),
        new([2, 3, 1L << 31], [3L << 32, 1L << 32, 2], [3L << 31, 1L << 31, 1], 1),
        new([1L << 33], [3], [2], 1),
        new([5, 7, 1L << 30], [-7L << 31, 1L << 31, -2], [7L << 30, 1L << 30, 1], 1),
        new([1L << 20, 1L << 14], [0, 8], [1L << 17, 8], 8),
    ];

    [Theory]
    [MemberData(nameof(Large))]
    public void LaunchesCoverThePlanOnce(long[] shape, long[] source, long[] destination, int size)
    {
        Plan plan = Planner.GetOrCreate(CopyOp.Copy(size), shape, source, destination, 4096, 4096);
        List<KernelChoice> launches = DevicePlanner.Choose(plan, 16, 16, DeviceTraits.Typical);
        var pieces = DevicePlanner.Pieces(plan).ToList();
        Assert.Equal(pieces.Count, launches.Count);
        Assert.All(launches, launch => Assert.InRange(launch.Blocks, 1, int.MaxValue));
        // Boxes in the space of the plan's axes, found from the offsets of their corners: disjoint, and as many words in all.
        BigInteger words = 0;
        var seen = new HashSet<(long, long)>();
        foreach (Plan piece in pieces)
        {
            BigInteger own = piece.Extents.ToArray().Aggregate(BigInteger.One, (a, b) => a * b);
            Assert.InRange((double)own, 1, DevicePlanner.LargestLaunch);
            Assert.True(seen.Add((piece.SourceOffset, piece.DestinationOffset)));
            words += own;
        }
        Assert.Equal(plan.Extents.ToArray().Aggregate(BigInteger.One, (a, b) => a * b), words);
    }

    [Fact]
    public void DividingByMultiplicationIsExact()
    {
        var random = new Random(3);
        long[] divisors = [1, 2, 3, 5, 7, 64, 100, 641, 65535, 65536, 65537, (1 << 30) - 1, 1 << 30, int.MaxValue - 1, int.MaxValue];
        foreach (long divisor in divisors.Concat(Enumerable.Range(0, 500).Select(_ => (long)random.Next(1, int.MaxValue) >> random.Next(30)).Where(d => d > 0)))
        {
            var fast = new FastDivisor(divisor);
            uint[] dividends = [0, 1, (uint)divisor - 1, (uint)divisor, int.MaxValue, int.MaxValue - 1, (uint)(int.MaxValue / divisor * divisor), (uint)((int.MaxValue / divisor * divisor) - 1)];
            Assert.All(dividends.Concat(Enumerable.Range(0, 50).Select(_ => (uint)random.Next())), n => Assert.Equal(n / (uint)divisor, fast.Divide(n)));
        }
    }

    [Fact]
    public void AxesDecodeFarOffsets()
    {
        AxisStep[] steps = [.. Enumerable.Range(0, 40).Select(i => new AxisStep(i % 13 == 0 ? 3 : i % 17 == 5 ? 5 : 1, (i + 1) * 3_000_000_019L, -(i + 7) * 5_000_000_029L))];
        foreach (int count in new[] { 1, 2, 3, 8, 9, 16, 17, 40 })
        {
            var axes = (IAxes)AxesSet.Create(steps.AsSpan(0, count));
            long words = steps.Take(count).Aggregate(1L, (a, s) => a * s.Extent.Divisor);
            for (uint index = 0; index < words; index++)
            {
                long source = 11, destination = 13, rest = index, wantSource = 11, wantDestination = 13;
                axes.Decode(index, ref source, ref destination);
                foreach (AxisStep step in steps.Take(count))
                {
                    wantSource += rest % step.Extent.Divisor * step.Source;
                    wantDestination += rest % step.Extent.Divisor * step.Destination;
                    rest /= step.Extent.Divisor;
                }
                Assert.Equal((wantSource, wantDestination), (source, destination));
            }
        }
    }

    /// <summary>Rows, tiles and gathers whose rows lie gigabytes apart, in memory that exists only where it is touched.</summary>
    [Theory]
    [InlineData(4, 3, 5000, false)]
    [InlineData(4, 5, 300, false)]
    [InlineData(1, 130, 140, true)]
    [InlineData(2, 130, 130, true)]
    [InlineData(4, 66, 70, true)]
    [InlineData(8, 34, 40, true)]
    public void StridesOfGigabytes(int size, int rows, int columns, bool transpose)
    {
        ThrowingTraceListener.Install();
        using HostBridge bridge = HostBridge.Create();
        using var engine = new DeviceCopyEngine(bridge.Accelerator, EngineRunner.Traits);
        const long Pitch = (1L << 31) + 4096;
        nuint length = (nuint)(rows * Pitch);
        byte* far = (byte*)Map(0, length, 3, 0x4022, -1, 0);
        Assert.SkipWhen((nint)far == -1, "the system reserves no address space of this size");
        try
        {
            byte[] dense = new byte[rows * columns * size];
            byte[] result = new byte[dense.Length];
            new Random(1).NextBytes(dense);
            long[] shape = [rows, columns];
            long[] farStrides = [Pitch, size];
            long[] nearStrides = transpose ? [size, (long)rows * size] : [(long)columns * size, size];
            fixed (byte* from = dense, to = result)
            {
                DeviceMemory near = engine.At((nuint)from);
                DeviceMemory back = engine.At((nuint)to);
                engine.Copy(CopyOp.Copy(size), shape, nearStrides, farStrides, near, engine.At((nuint)far), bridge.Accelerator.DefaultStream);
                engine.Copy(CopyOp.Copy(size), shape, farStrides, nearStrides, engine.At((nuint)far), back, bridge.Accelerator.DefaultStream);
                bridge.Accelerator.Synchronize();
            }
            Assert.Equal(dense, result);
        }
        finally
        {
            _ = Unmap(far, length);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
