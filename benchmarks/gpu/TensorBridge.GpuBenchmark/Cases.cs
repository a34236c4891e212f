namespace TensorBridge.GpuBenchmark;

/// <summary>Every case of the design's table, for every element size, at one payload.</summary>
/// <remarks>Targets and floors are fractions of the rate of a memcpy of the bytes that are read and written.</remarks>
internal static class Cases
{
    private static readonly (int Size, double Target, double Floor)[] Transposes = [(1, 0.85, 0.65), (2, 0.90, 0.75), (4, 0.92, 0.80), (8, 0.92, 0.80), (16, 0.92, 0.80)];

    /// <summary>The cases that options ask for.</summary>
    public static IEnumerable<BenchmarkCase> Of(Options options) =>
        All(options.Payload, options.Permutations).Where(each => $"{each.Name} {each.SourceType}".Contains(options.Filter, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<BenchmarkCase> All(long payload, int permutations)
    {
        if (payload < 4096)
            throw new FormatException($"--mib gives {payload} bytes; a case needs 4096 or more (0.00390625 MiB)");
        IEnumerable<BenchmarkCase> named = Transposes.SelectMany(each => Named(payload, TypeOf(each.Size), each.Target, each.Floor));
        // The random ones come last: a run that is cut off has the table.
        return named.Concat(Conversions(payload)).Concat(Transposes.SelectMany(each => Random(payload, TypeOf(each.Size), permutations)));
    }

    private static IEnumerable<BenchmarkCase> Named(long payload, DType type, double target, double floor) =>
        Rows(payload, type).Concat(Planes(payload, type, target, floor)).Concat(Channels(payload, type)).Concat(Sparse(payload, type));

    private static IEnumerable<BenchmarkCase> Rows(long payload, DType type)
    {
        int size = type.ItemSize;
        yield return Make("contiguous", type, Layout.Contiguous([payload / size], size), 0, payload, 1.00, 0.97);
        long rows = payload / 4096;
        yield return Make("rows 4 KiB, aligned", type, new Layout([rows, 4096 / size], [4096 + 512, size], size), 0, rows * (4096 + 512), 0.97, 0.90);
        rows = payload / 1024;
        yield return Make("rows 1000 bytes, odd", type, new Layout([rows, 1000 / size], [1024 + size, size], size), size, (rows * (1024 + size)) + size, 0.92, 0.77);
    }

    private static IEnumerable<BenchmarkCase> Planes(long payload, DType type, double target, double floor)
    {
        int size = type.ItemSize;
        long items = payload / size;
        long side = Side(items);
        long two = 1L << (int)Math.Log2(Math.Sqrt(items));
        yield return Transposed("transpose", type, side, side, target, floor);
        // 8191 x 4097 at 256 MiB of 8-byte elements.
        long odd = Math.Min(8191, two - 1);
        yield return Transposed("transpose, odd extents", type, odd, (items / (odd + 1)) | 1, target, floor);
        yield return Transposed("transpose, power of two", type, two, two, target, floor);
        // Dense rows, but a pitch of the source that is a power of two and longer than a row.
        yield return Make("transpose, pitched", type, new Layout([two - Math.Min(32, two / 2), two], [size, two * size], size), 0, two * two * size, target, floor);
        yield return Permute("permute (0, 2, 1)", type, [16, Math.Max(1, side / 4), Math.Max(1, side / 4)], [0, 2, 1], 0.90, 0.75);
    }

    private static IEnumerable<BenchmarkCase> Channels(long payload, DType type)
    {
        long items = payload / type.ItemSize;
        foreach (int channels in new[] { 3, 4 })
        {
            long pixels = Math.Max(1, items / channels / 64 * 64);
            yield return Permute($"HWC -> CHW, {channels}", type, [pixels, channels], [1, 0], 0.80, 0.60);
            yield return Permute($"CHW -> HWC, {channels}", type, [channels, pixels], [1, 0], 0.80, 0.60);
        }

        long plane = Math.Min(1024, Math.Max(1, items / 64));
        long batch = Math.Max(1, items / 64 / plane);
        yield return Permute("NHWC -> NCHW, 64", type, [batch, plane, 64], [0, 2, 1], 0.90, 0.75);
        yield return Permute("NCHW -> NHWC, 64", type, [batch, 64, plane], [0, 2, 1], 0.90, 0.75);
    }

    private static IEnumerable<BenchmarkCase> Sparse(long payload, DType type)
    {
        int size = type.ItemSize;
        long items = payload / size;
        long side = Side(items);
        // A sector of 32 bytes is read for its few wanted ones.
        double half = size * 2 < 32 ? 2.0 / 3 : 0.43;
        yield return Make("x[..., ::2]", type, new Layout([items / 2], [2 * size], size), 0, payload, half * 0.93, half * 0.75);
        double sparse = 2.0 * size / (Math.Min(32, 16 * size) + size);
        yield return Make("x[..., ::16]", type, new Layout([items / 16], [16 * size], size), 0, payload, sparse * 0.9, sparse * 0.5);
        yield return Make("reversed", type, new Layout([items], [-size], size), (items - 1) * size, payload, 0.93, 0.80);
        yield return Make("broadcast rows", type, new Layout([side, side], [0, size], size), 0, side * size, 1.6, 1.2);
        yield return Make("broadcast columns", type, new Layout([side, side], [size, 0], size), 0, side * size, 1.6, 1.2);
    }

    // The same ones in every run: lengths about the same, none of them round.
    private static IEnumerable<BenchmarkCase> Random(long payload, DType type, int permutations)
    {
        var random = new Random(type.ItemSize);
        for (int rank = 2; rank <= 8; rank++)
        {
            for (int i = 1; i <= permutations; i++)
            {
                double length = Math.Pow(payload / type.ItemSize, 1.0 / rank);
                long[] shape = [.. Enumerable.Range(0, rank).Select(_ => Math.Max(2, (long)(length * (0.7 + (0.6 * random.NextDouble())))))];
                int[] axes = [.. Enumerable.Range(0, rank)];
                // Permutations that keep the last axis are rows, which have cases of their own.
                while (axes[^1] == rank - 1)
                    random.Shuffle(axes);
                yield return Permute($"random permutation {i} of rank {rank}", type, shape, axes, 0.80, 0.30);
            }
        }
    }

    private static IEnumerable<BenchmarkCase> Conversions(long payload)
    {
        foreach ((string swapped, int size) in new[] { (">u2", 2), (">u4", 4), (">u8", 8) })
            yield return new($"byte swap {size}", DType.Parse(swapped), DType.Parse("<" + swapped[1..]), Layout.Contiguous([payload / size], size), 0, payload, 0.97, 0.90);
        foreach ((DType from, DType to) in new[] { (DType.Float32, DType.Float16), (DType.Float64, DType.Float32), (DType.Float16, DType.Float32), (DType.UInt8, DType.Float32) })
        {
            long items = payload / Math.Max(from.ItemSize, to.ItemSize);
            yield return new($"cast {from} -> {to}", from, to, Layout.Contiguous([items], from.ItemSize), 0, items * from.ItemSize, 0.95, 0.85);
        }
    }

    // A multiple of the tile's side where there is room for one.
    private static long Side(long items)
    {
        long side = (long)Math.Sqrt(items);
        return side >= 128 ? side / 128 * 128 : side;
    }

    private static BenchmarkCase Transposed(string name, DType type, long rows, long columns, double target, double floor) =>
        Permute(name, type, [rows, columns], [1, 0], target, floor);

    private static BenchmarkCase Permute(string name, DType type, long[] shape, int[] axes, double target, double floor)
    {
        var dense = Layout.Contiguous(shape, type.ItemSize);
        long[] permuted = [.. axes.Select(axis => shape[axis])];
        long[] strides = [.. axes.Select(axis => dense.ByteStrides[axis])];
        return Make(name, type, new Layout(permuted, strides, type.ItemSize), 0, dense.PayloadBytes, target, floor);
    }

    private static BenchmarkCase Make(string name, DType type, Layout source, long offset, long bytes, double target, double floor) =>
        new(name, type, type, source, offset, bytes, target, floor);

    private static DType TypeOf(int size) => size switch
    {
        1 => DType.UInt8,
        2 => DType.UInt16,
        4 => DType.Float32,
        8 => DType.Float64,
        _ => DType.Complex128,
    };
}
