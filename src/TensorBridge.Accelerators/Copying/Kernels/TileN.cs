using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes where single axes are too short for a tile: both sides of a 64 x 64 tile run along virtual axes, made of several real ones.</summary>
/// <remarks>
/// 128 threads decode one row or column each and leave its offsets on both sides in shared memory; after that a word costs two additions a side.
/// Words beyond the edge repeat the last row or column when loaded and are not stored.
/// </remarks>
internal static class TileN
{
    public const int Side = 64;
    private const int LargestPitch = 68;

    /// <summary>Words between neighbouring columns in shared memory: an odd number of banks.</summary>
    public static int Pitch(int elementSize) => elementSize == 1 ? 68 : elementSize == 2 ? 66 : 65;

    public static void Run<TSource, TDestination, TOp, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, TileNShape shape, TAxes batch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TAxes : unmanaged, IAxes
    {
        ArrayView<TDestination> tile = SharedMemory.Allocate1D<TDestination>(Side * LargestPitch);
        ArrayView<long> offsets = SharedMemory.Allocate1D<long>(4 * Side);
        uint rest = shape.TilesX.Divide((uint)Grid.IdxX);
        int tileX = (int)((uint)Grid.IdxX - (rest * shape.TilesX.Divisor));
        uint outer = shape.TilesY.Divide(rest);
        int tileY = (int)(rest - (outer * shape.TilesY.Divisor));
        Offsets(offsets, shape, tileX * shape.StepX, tileY * shape.StepY);
        Group.Barrier();
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        batch.Decode(outer, ref from, ref to);
        int width = IntrinsicMath.Min(shape.StepX, shape.Width - (tileX * shape.StepX));
        int height = IntrinsicMath.Min(shape.StepY, shape.Height - (tileY * shape.StepY));
        Load<TSource, TDestination, TOp>(source, tile, offsets, from, width, height);
        Group.Barrier();
        Store(destination, tile, offsets, to, width, height);
    }

    /// <summary>Four lists of 64: columns in the source, columns in the destination, rows in the source, rows in the destination.</summary>
    private static void Offsets(ArrayView<long> offsets, TileNShape shape, int x, int y)
    {
        int thread = Group.IdxX;
        long s = 0;
        long d = 0;
        if (thread < Side)
        {
            shape.X.Decode((uint)IntrinsicMath.Min(x + thread, shape.Width - 1), ref s, ref d);
            offsets[thread] = s;
            offsets[Side + thread] = d;
        }
        else if (thread < 2 * Side)
        {
            shape.Y.Decode((uint)IntrinsicMath.Min(y + thread - Side, shape.Height - 1), ref s, ref d);
            offsets[Side + thread] = s;
            offsets[(2 * Side) + thread] = d;
        }
    }

    private static void Load<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> tile, ArrayView<long> offsets, long from, int width, int height)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        LoadQuarter<TSource, TDestination, TOp>(source, tile, offsets, from, 0, 0);
        if (width > 32)
            LoadQuarter<TSource, TDestination, TOp>(source, tile, offsets, from, 32, 0);
        if (height > 32)
        {
            LoadQuarter<TSource, TDestination, TOp>(source, tile, offsets, from, 0, 32);
            if (width > 32)
                LoadQuarter<TSource, TDestination, TOp>(source, tile, offsets, from, 32, 32);
        }
    }

    private static void LoadQuarter<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> tile, ArrayView<long> offsets, long from, int left, int top)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        int x = left + (Group.IdxX & 31);
        int y = top + (Group.IdxX >> 5);
        ArrayView<long> rows = offsets.SubView((2 * Side) + y);
        long column = from + offsets[x];
        TSource a = source[column + rows[0]];
        TSource b = source[column + rows[8]];
        TSource c = source[column + rows[16]];
        TSource d = source[column + rows[24]];
        TOp op = default;
        ArrayView<TDestination> w = tile.SubView((x * Pitch(IlgpuInterop.SizeOf<TDestination>())) + y);
        w[0] = op.Apply(a);
        w[8] = op.Apply(b);
        w[16] = op.Apply(c);
        w[24] = op.Apply(d);
    }

    private static void Store<T>(ArrayView<T> destination, ArrayView<T> tile, ArrayView<long> offsets, long to, int width, int height)
        where T : unmanaged
    {
        StoreQuarter(destination, tile, offsets, to, width, height, 0, 0);
        if (height > 32)
            StoreQuarter(destination, tile, offsets, to, width, height, 0, 32);
        if (width > 32)
        {
            StoreQuarter(destination, tile, offsets, to, width, height, 32, 0);
            if (height > 32)
                StoreQuarter(destination, tile, offsets, to, width, height, 32, 32);
        }
    }

    private static void StoreQuarter<T>(ArrayView<T> destination, ArrayView<T> tile, ArrayView<long> offsets, long to, int width, int height, int left, int top)
        where T : unmanaged
    {
        int y = top + (Group.IdxX & 31);
        int x = left + (Group.IdxX >> 5);
        int pitch = Pitch(IlgpuInterop.SizeOf<T>());
        if (y >= height)
            return;
        ArrayView<T> r = tile.SubView((x * pitch) + y);
        ArrayView<long> columns = offsets.SubView(Side + x);
        long row = to + offsets[(3 * Side) + y];
        if (x < width)
            destination[row + columns[0]] = r[0];
        if (x + 8 < width)
            destination[row + columns[8]] = r[8 * pitch];
        if (x + 16 < width)
            destination[row + columns[16]] = r[16 * pitch];
        if (x + 24 < width)
            destination[row + columns[24]] = r[24 * pitch];
    }
}
