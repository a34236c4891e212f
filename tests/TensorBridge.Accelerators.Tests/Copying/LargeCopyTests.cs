using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Tests.StandIn;
using TensorBridge.Copying;
using TensorBridge.PtxInterpreter;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Copies beyond 2^31 elements and 2^32 bytes in the PTX interpreter: a few blocks of every launch, in memory that exists only where it is touched.</summary>
/// <remarks>
/// Extents are multiples of every tile, so each block writes the same number of bytes, but for the last ones of rows that may begin on any word. A copy is run over two backgrounds: what is the same
/// afterwards has been written, and must be what the reference engine's addresses say.
/// </remarks>
public sealed unsafe class LargeCopyTests : StandInTest
{
    private const ulong SourceStart = 0x5000_0000_0000;
    private const ulong DestinationStart = 0x6000_0000_0000;

    private readonly CudaBridge _bridge = CudaBridge.Create();

    public LargeCopyTests(StandInFixture fixture)
        : base(fixture)
    {
    }

    public static IEnumerable<TheoryDataRow<string, int, long[], long[], long[]>> Cases =>
    [
        new("Rows", 1, [5, 1L << 30], [(1L << 30) + 64, 1], [(1L << 30) + 32, 1]),
        new("RowsPacked", 1, [1L << 25, 160], [176, 1], [192, 1]),
        new("Rows", 4, [3, 1L << 30], [(1L << 32) + 4, 4], [(1L << 32) + 12, 4]),
        new("Pack", 1, [3, 1L << 30], [(1L << 30) + 65, 1], [1L << 30, 1]),
        new("Tile1", 1, [1L << 16, 1L << 16], [1, 1L << 16], [1L << 16, 1]),
        new("Tile2", 2, [1L << 16, 1L << 16], [2, 1L << 17], [1L << 17, 2]),
        new("Tile4", 4, [1L << 16, 1L << 16], [4, 1L << 18], [1L << 18, 4]),
        new("TileLarge", 8, [1L << 15, 1L << 17], [8, 1L << 18], [1L << 20, 8]),
        new("TileScalar", 16, [1L << 15, 1L << 16], [16, 1L << 19], [1L << 20, 16]),
        new("TileLarge", 1, [1L << 16, 1L << 16], [1, (1L << 16) + 1], [(1L << 16) + 3, 1]),
        new("TileLarge", 4, [1L << 16, 1L << 16], [4, (1L << 18) + 4], [(1L << 18) + 12, 4]),
        new("TileN", 1, [1L << 17, 32, 32, 32], [32768, 1, 32, 1024], [32768, 1024, 32, 1]),
        new("TileN", 4, [1L << 18, 16, 16, 32], [1L << 15, 4, 64, 1024], [1L << 15, 2048, 128, 4]),
        new("SplitChannels", 1, [1L << 18, 3, 5456], [16368, 1, 3], [16384, 5456, 1]),
        new("MergeChannels", 1, [1L << 18, 5456, 3], [16384, 1, 5456], [16368, 3, 1]),
        new("Pack", 4, [1L << 31], [8], [4]),
        new("Pack", 1, [1L << 33], [3], [1]),
        new("Unpack", 2, [1L << 31], [2], [6]),
        new("Steps", 1, [1L << 32], [3], [2]),
        new("Steps", 16, [1L << 31], [48], [32]),
        new("Gather", 4, [1L << 29, 2, 4], [96, 52, 12], [64, 32, 8]),
        new("Replicate", 1, [1L << 23, 1024], [3, 0], [1024, 1]),
        new("Rows", 8, [7, 1L << 29], [-(1L << 32), 8], [1L << 32, 8]),
    ];

    public override void Dispose()
    {
        PtxLauncher.Elsewhere = null;
        PtxLauncher.Selection = null;
        _bridge.Dispose();
        base.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BlocksReachTheirElements(string kernel, int size, long[] shape, long[] source, long[] destination)
    {
        Assert.True(shape.Aggregate(1L, (a, b) => a * b) >= 1L << 31);
        (Dictionary<long, byte> first, long least, long most) = Run(kernel, size, shape, source, destination, 0xA5);
        (Dictionary<long, byte> second, _, _) = Run(kernel, size, shape, source, destination, 0x5A);
        long written = 0;
        foreach ((long at, byte value) in first)
        {
            if (value != second[at])
            {
                Assert.Equal((0xA5, 0x5A), (value, second[at]));
                continue;
            }
            written++;
            long from = SourceOf(at, size, shape, source, destination);
            Assert.True(from >= 0 || source.Any(stride => stride < 0), $"byte {at} lies in a gap");
            Assert.True(Content(from - Low(shape, source)) == value, $"byte {at} should come from byte {from}");
        }
        Assert.InRange(written, least, most);
    }

    /// <summary>Bytes of the destination on the pages touched, and how many bytes the blocks that ran were to write.</summary>
    private (Dictionary<long, byte> Bytes, long Least, long Most) Run(string kernel, int size, long[] shape, long[] source, long[] destination, byte background)
    {
        long low = Low(shape, source);
        using var from = new SparseMemory(SourceStart, High(shape, source) - low + size, Content);
        using var to = new SparseMemory(DestinationStart, High(shape, destination) + size, _ => background);
        PtxLauncher.Elsewhere = (ulong address, out ulong start, out ulong length, out byte* host) =>
            from.TryResolve(address, out start, out length, out host) || to.TryResolve(address, out start, out length, out host);
        using var engine = new DeviceCopyEngine(_bridge.Accelerator, EngineRunner.Traits);
        using CudaScope scope = _bridge.Activate();
        DeviceMemory fromPlace = engine.At(from.Start).Offset(-low);
        DeviceMemory toPlace = engine.At(to.Start);
        Plan plan = Planner.GetOrCreate(CopyOp.Copy(size), shape, source, destination, (nint)fromPlace.Place, (nint)toPlace.Place);
        IReadOnlyList<KernelChoice> launches = engine.KernelsOf(plan, fromPlace, toPlace);
        Assert.All(launches, launch => Assert.Equal(kernel, launch.Kernel.Name));
        long[] pieces = [.. DevicePlanner.Pieces(plan).Select(piece => piece.Bytes)];
        int launched = 0;
        long least = 0;
        long most = 0;
        PtxLauncher.Selection = shape =>
        {
            int[] blocks = [.. Blocks(shape.GridX, launched, pieces.Length)];
            long share = pieces[launched] / shape.GridX;
            bool isEven = pieces[launched] % shape.GridX == 0;
            least += (isEven ? blocks.Length : blocks.Length - 1) * share;
            most += isEven ? blocks.Length * share : pieces[launched];
            launched++;
            return blocks;
        };
        engine.Execute(plan, fromPlace, toPlace, _bridge.Accelerator.DefaultStream);
        _bridge.Synchronize();
        Assert.Equal(pieces.Length, launched);
        return (to.Pages.SelectMany(page => page.Bytes.Select((value, i) => (At: page.Offset + i, value))).ToDictionary(each => each.At, each => each.value), least, most);
    }

    /// <summary>The ends and the middle of the first and the last launch, and one block of those between.</summary>
    private static IEnumerable<int> Blocks(int grid, int launch, int launches) =>
        (launch == 0 || launch == launches - 1 ? new[] { 0, grid / 2, grid - 1 } : [grid / 3]).Distinct();

    /// <summary>The source's byte for a byte of the destination, by the strides alone; -1 in a gap.</summary>
    private static long SourceOf(long at, int size, long[] shape, long[] source, long[] destination)
    {
        long from = 0;
        foreach (int axis in Enumerable.Range(0, shape.Length).OrderByDescending(axis => destination[axis]))
        {
            long index = Math.Min(at / destination[axis], shape[axis] - 1);
            at -= index * destination[axis];
            from += index * source[axis];
        }
        return at < size ? from + at : -1;
    }

    private static byte Content(long offset)
    {
        ulong mixed = ((ulong)offset + 1) * 0x9E3779B97F4A7C15;
        return (byte)((mixed >> 56) ^ (mixed >> 29));
    }

    private static long Low(long[] shape, long[] strides) => shape.Select((extent, axis) => Math.Min(0, (extent - 1) * strides[axis])).Sum();

    private static long High(long[] shape, long[] strides) => shape.Select((extent, axis) => Math.Max(0, (extent - 1) * strides[axis])).Sum();
}
