namespace TensorBridge.GpuBenchmark;

/// <summary>Every case of the design's table, for every element size, at one payload.</summary>
internal static class Cases
{
    private static readonly (int Size, double Target, double Floor)[] Transposes = [(1, 0.85, 0.65), (2, 0.90, 0.75), (4, 0.92, 0.80), (8, 0.92, 0.80), (16, 0.92, 0.80)];

    public static IEnumerable<BenchmarkCase> All(long payload)
    {
        foreach ((int size, double target, double floor) in Transposes)
        {
            foreach (BenchmarkCase each in OfSize(payload, size, target, floor))
                yield return each;
        }
        foreach (BenchmarkCase each in Conversions(payload))
            yield return each;
    }

    private static IEnumerable<BenchmarkCase> OfSize(long payload, int size, double target, double floor)
    {
        DType type = TypeOf(size);
        long items = payload / size;
        long side = (long)Math.Sqrt(items) / 128 * 128;
        long odd = side - 1;
        var whole = Layout.Contiguous([items], size);
        yield return Make("contiguous", type, whole, 0, payload, 1.00, 0.97);
        long row = 4096 / size;
        yield return Make("rows 4 KiB, aligned", type, Strides([payload / 4096, row], [4096 + 512, size], size), 0, payload / 4096 * (4096 + 512), 0.97, 0.90);
        yield return Make("rows 1000 bytes, odd", type, Strides([payload / 1024, 1000 / size], [1024 + size, size], size), size, (payload / 1024 * (1024 + size)) + size, 0.92, 0.77);
        yield return Make("transpose", type, Strides([side, side], [size, side * size], size), 0, side * side * size, target, floor);
        yield return Make("transpose, odd", type, Strides([odd, odd], [size, odd * size], size), 0, odd * odd * size, target, floor);
        long two = 1L << (int)Math.Log2(side);
        yield return Make("transpose, power of two", type, Strides([two, two], [size, two * size], size), 0, two * two * size, target, floor);
        yield return Permute("permute (0, 2, 1)", type, [64, side / 8, side / 8], [0, 2, 1], 0.90, 0.75);
        long pixels = items / 3 / 1024 * 1024;
        yield return Permute("HWC -> CHW, 3", type, [pixels, 3], [1, 0], 0.80, 0.60);
        yield return Permute("CHW -> HWC, 3", type, [3, pixels], [1, 0], 0.80, 0.60);
        long group = items / 64 / 1024 * 1024;
        yield return Permute("NHWC -> NCHW, 64", type, [group / 1024, 1024, 64], [0, 2, 1], 0.90, 0.75);
        double half = 2.0 / 3;
        yield return Make("x[..., ::2]", type, Strides([items / 2], [2 * size], size), 0, payload, size * 2 < 32 ? half * 0.93 : 0.40, size * 2 < 32 ? half * 0.75 : 0.3);
        double sparse = 2.0 * size / (32 + size);
        yield return Make("x[..., ::16]", type, Strides([items / 16], [16 * size], size), 0, payload, sparse * 0.9, sparse * 0.5);
        yield return Make("reversed", type, Strides([items], [-size], size), (items - 1) * size, payload, 0.93, 0.80);
        yield return Make("broadcast rows", type, Strides([side, side], [0, size], size), 0, side * size, 1.6, 1.2);
        yield return Make("broadcast columns", type, Strides([side, side], [size, 0], size), 0, side * size, 1.6, 1.2);
        var random = new Random(size);
        for (int rank = 3; rank <= 8; rank++)
        {
            long length = (long)Math.Pow(items, 1.0 / rank);
            int[] axes = [.. Enumerable.Range(0, rank)];
            // Permutations that keep the last axis are rows, which have cases of their own.
            while (axes[^1] == rank - 1)
                random.Shuffle(axes);
            yield return Permute($"random permutation of rank {rank}", type, [.. Enumerable.Repeat(length, rank)], axes, 0.80, 0.30);
        }
    }

    private static IEnumerable<BenchmarkCase> Conversions(long payload)
    {
        foreach ((string swapped, int size) in new[] { (">u2", 2), (">u4", 4), (">u8", 8) })
        {
            var layout = Layout.Contiguous([payload / size], size);
            yield return new($"byte swap {size}", DType.Parse(swapped), DType.Parse("<" + swapped[1..]), layout, 0, payload, layout, payload, 0.97, 0.90);
        }
        foreach ((DType from, DType to) in new[] { (DType.Float32, DType.Float16), (DType.Float64, DType.Float32), (DType.Float16, DType.Float32), (DType.UInt8, DType.Float32) })
        {
            long items = payload / Math.Max(from.ItemSize, to.ItemSize);
            yield return new($"cast {from} -> {to}", from, to, Layout.Contiguous([items], from.ItemSize), 0, items * from.ItemSize, Layout.Contiguous([items], to.ItemSize), items * to.ItemSize, 0.95, 0.85);
        }
    }

    private static BenchmarkCase Permute(string name, DType type, long[] shape, int[] axes, double target, double floor)
    {
        var dense = Layout.Contiguous(shape, type.ItemSize);
        long[] permuted = [.. axes.Select(axis => shape[axis])];
        long[] strides = [.. axes.Select(axis => dense.ByteStrides[axis])];
        return Make(name, type, new Layout(permuted, strides, type.ItemSize), 0, dense.PayloadBytes, target, floor);
    }

    private static BenchmarkCase Make(string name, DType type, Layout source, long offset, long bytes, double target, double floor)
    {
        var dense = Layout.Contiguous(source.Shape, type.ItemSize);
        return new BenchmarkCase(name, type, type, source, offset, bytes, dense, dense.PayloadBytes, target, floor);
    }

    private static Layout Strides(long[] shape, long[] strides, int size) => new(shape, strides, size);

    private static DType TypeOf(int size) => size switch
    {
        1 => DType.UInt8,
        2 => DType.UInt16,
        4 => DType.Float32,
        8 => DType.Float64,
        _ => DType.Complex128,
    };
}
