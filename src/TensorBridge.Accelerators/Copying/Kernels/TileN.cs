using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes where single axes are too short for a tile: both sides of a tile run along virtual axes, made of several real ones.</summary>
/// <remarks>
/// Tiles have the sides and pitches of <see cref="TileLarge"/>. First, one thread for each row and column decodes it and leaves its offsets on
/// both sides in shared memory; after that the address of a word is one addition a side. Offsets are counted from the lowest word, and fit 32 bits.
/// Words beyond the edge repeat the last row or column when loaded and are not stored.
/// </remarks>
internal static class TileN
{
    public static void Run<TSource, TDestination, TOp, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, TileNShape shape, TAxes batch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TAxes : unmanaged, IAxes
    {
        int size = IlgpuInterop.SizeOf<TDestination>();
        int side = TileLarge.Side(size);
        int pitch = TileLarge.Pitch(size);
        ArrayView<TDestination> tile = SharedMemory.Allocate1D<TDestination>(TileLarge.SharedElements(size));
        ArrayView<uint> offsets = SharedMemory.Allocate1D<uint>(side == 128 ? 512 : 256);
        uint rest = shape.TilesX.Divide((uint)Grid.IdxX);
        int tileX = (int)((uint)Grid.IdxX - (rest * shape.TilesX.Divisor)) * side;
        uint outer = shape.TilesY.Divide(rest);
        int tileY = (int)(rest - (outer * shape.TilesY.Divisor)) * side;
        Offsets(offsets, shape, tileX, tileY, side);
        Group.Barrier();
        long from = shape.SourceStart;
        long to = shape.DestinationStart;
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - tileX;
        int height = shape.Height - tileY;
        ArrayView<TSource> s = source.SubView(from);
        ArrayView<TDestination> d = destination.SubView(to);
        if (width >= side && height >= side)
        {
            LoadWhole<TSource, TDestination, TOp>(s, tile, offsets, side, pitch);
            Group.Barrier();
            StoreWhole(d, tile, offsets, side, pitch);
        }
        else
        {
            LoadPart<TSource, TDestination, TOp>(s, tile, offsets, width, height, side, pitch);
            Group.Barrier();
            StorePart(d, tile, offsets, width, height, side, pitch);
        }
    }

    /// <summary>Four lists, each as long as a side: columns in the source, columns in the destination, rows in the source, rows in the destination.</summary>
    private static void Offsets(ArrayView<uint> offsets, TileNShape shape, int x, int y, int side)
    {
        int thread = Group.IdxX;
        uint s;
        uint d = 0;
        if (thread < side)
        {
            s = shape.LeadX;
            shape.X.Decode((uint)IntrinsicMath.Min(x + thread, shape.Width - 1), ref s, ref d);
            offsets[thread] = s;
            offsets[side + thread] = d;
        }
        else if (thread < 2 * side)
        {
            s = shape.LeadY;
            shape.Y.Decode((uint)IntrinsicMath.Min(y + thread - side, shape.Height - 1), ref s, ref d);
            offsets[side + thread] = s;
            offsets[(2 * side) + thread] = d;
        }
    }

    private static void LoadWhole<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> tile, ArrayView<uint> offsets, int side, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        ArrayView<uint> columns = offsets.SubView(Group.IdxX & 31);
        ArrayView<uint> rows = offsets.SubView((2 * side) + (Group.IdxX >> 5));
        ArrayView<TDestination> w = tile.SubView(TileLarge.WriteIndex(Group.IdxX, pitch));
        ArrayView<TSource> first = source.SubView(columns[0]);
        ArrayView<TSource> second = source.SubView(columns[32]);
        if (side == 64)
        {
            LoadPair<TSource, TDestination, TOp>(first, second, w, rows, pitch);
            LoadPair<TSource, TDestination, TOp>(first, second, w.SubView(32), rows.SubView(32), pitch);
            return;
        }
        ArrayView<TSource> third = source.SubView(columns[64]);
        ArrayView<TSource> fourth = source.SubView(columns[96]);
        LoadQuad<TSource, TDestination, TOp>(first, second, third, fourth, w, rows, pitch);
        LoadQuad<TSource, TDestination, TOp>(first, second, third, fourth, w.SubView(32), rows.SubView(32), pitch);
        LoadQuad<TSource, TDestination, TOp>(first, second, third, fourth, w.SubView(64), rows.SubView(64), pitch);
        LoadQuad<TSource, TDestination, TOp>(first, second, third, fourth, w.SubView(96), rows.SubView(96), pitch);
    }

    /// <summary>Four rows of two columns: the offsets of the rows are read once.</summary>
    private static void LoadPair<TSource, TDestination, TOp>(ArrayView<TSource> first, ArrayView<TSource> second, ArrayView<TDestination> tile, ArrayView<uint> rows, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        Four<uint> at = Take(rows, 8);
        Four<TSource> a = Load(first, at);
        Four<TSource> b = Load(second, at);
        Put<TSource, TDestination, TOp>(tile, a);
        Put<TSource, TDestination, TOp>(tile.SubView(32 * pitch), b);
    }

    /// <summary>Four rows of four columns.</summary>
    private static void LoadQuad<TSource, TDestination, TOp>(
        ArrayView<TSource> first, ArrayView<TSource> second, ArrayView<TSource> third, ArrayView<TSource> fourth, ArrayView<TDestination> tile, ArrayView<uint> rows, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        Four<uint> at = Take(rows, 8);
        Four<TSource> a = Load(first, at);
        Four<TSource> b = Load(second, at);
        Put<TSource, TDestination, TOp>(tile, a);
        Put<TSource, TDestination, TOp>(tile.SubView(32 * pitch), b);
        Four<TSource> c = Load(third, at);
        Four<TSource> d = Load(fourth, at);
        Put<TSource, TDestination, TOp>(tile.SubView(64 * pitch), c);
        Put<TSource, TDestination, TOp>(tile.SubView(96 * pitch), d);
    }

    private static Four<T> Load<T>(ArrayView<T> line, Four<uint> at)
        where T : unmanaged
    {
        Four<T> words;
        words.First = line.SubView(at.First)[0];
        words.Second = line.SubView(at.Second)[0];
        words.Third = line.SubView(at.Third)[0];
        words.Fourth = line.SubView(at.Fourth)[0];
        return words;
    }

    private static void Put<TSource, TDestination, TOp>(ArrayView<TDestination> tile, Four<TSource> words)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        tile[0] = op.Apply(words.First);
        tile[8] = op.Apply(words.Second);
        tile[16] = op.Apply(words.Third);
        tile[24] = op.Apply(words.Fourth);
    }

    /// <summary>Four words of shared memory at equal distances.</summary>
    private static Four<T> Take<T>(ArrayView<T> shared, int step)
        where T : unmanaged
    {
        Four<T> words;
        words.First = shared[0];
        words.Second = shared[step];
        words.Third = shared[2 * step];
        words.Fourth = shared[3 * step];
        return words;
    }

    private static void StoreWhole<T>(ArrayView<T> destination, ArrayView<T> tile, ArrayView<uint> offsets, int side, int pitch)
        where T : unmanaged
    {
        ArrayView<uint> columns = offsets.SubView(side + (Group.IdxX >> 5));
        ArrayView<uint> rows = offsets.SubView((3 * side) + (Group.IdxX & 31));
        ArrayView<T> r = tile.SubView(TileLarge.ReadIndex(Group.IdxX, pitch));
        ArrayView<T> first = destination.SubView(rows[0]);
        ArrayView<T> second = destination.SubView(rows[32]);
        if (side == 64)
        {
            StorePair(first, second, r, columns, pitch);
            StorePair(first, second, r.SubView(32 * pitch), columns.SubView(32), pitch);
            return;
        }
        ArrayView<T> third = destination.SubView(rows[64]);
        ArrayView<T> fourth = destination.SubView(rows[96]);
        StoreQuad(first, second, third, fourth, r, columns, pitch);
        StoreQuad(first, second, third, fourth, r.SubView(32 * pitch), columns.SubView(32), pitch);
        StoreQuad(first, second, third, fourth, r.SubView(64 * pitch), columns.SubView(64), pitch);
        StoreQuad(first, second, third, fourth, r.SubView(96 * pitch), columns.SubView(96), pitch);
    }

    private static void StorePair<T>(ArrayView<T> first, ArrayView<T> second, ArrayView<T> tile, ArrayView<uint> columns, int pitch)
        where T : unmanaged
    {
        Four<uint> at = Take(columns, 8);
        Store(first, at, Take(tile, 8 * pitch));
        Store(second, at, Take(tile.SubView(32), 8 * pitch));
    }

    private static void StoreQuad<T>(ArrayView<T> first, ArrayView<T> second, ArrayView<T> third, ArrayView<T> fourth, ArrayView<T> tile, ArrayView<uint> columns, int pitch)
        where T : unmanaged
    {
        Four<uint> at = Take(columns, 8);
        Store(first, at, Take(tile, 8 * pitch));
        Store(second, at, Take(tile.SubView(32), 8 * pitch));
        Store(third, at, Take(tile.SubView(64), 8 * pitch));
        Store(fourth, at, Take(tile.SubView(96), 8 * pitch));
    }

    private static void Store<T>(ArrayView<T> line, Four<uint> at, Four<T> words)
        where T : unmanaged
    {
        line.SubView(at.First)[0] = words.First;
        line.SubView(at.Second)[0] = words.Second;
        line.SubView(at.Third)[0] = words.Third;
        line.SubView(at.Fourth)[0] = words.Fourth;
    }

    /// <summary>The squares of 32 x 32 words that the rest of the axes reaches into.</summary>
    private static void LoadPart<TSource, TDestination, TOp>(ArrayView<TSource> source, ArrayView<TDestination> tile, ArrayView<uint> offsets, int width, int height, int side, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        ArrayView<uint> rows = offsets.SubView((2 * side) + (Group.IdxX >> 5));
        ArrayView<TDestination> w = tile.SubView(TileLarge.WriteIndex(Group.IdxX, pitch));
        int right = IntrinsicMath.Min(width, side);
        int bottom = IntrinsicMath.Min(height, side);
        for (int x = 0; x < right; x += 32)
        {
            ArrayView<TSource> column = source.SubView(offsets[x + (Group.IdxX & 31)]);
            for (int y = 0; y < bottom; y += 32)
                Put<TSource, TDestination, TOp>(w.SubView((x * pitch) + y), Load(column, Take(rows.SubView(y), 8)));
        }
    }

    private static void StorePart<T>(ArrayView<T> destination, ArrayView<T> tile, ArrayView<uint> offsets, int width, int height, int side, int pitch)
        where T : unmanaged
    {
        int right = IntrinsicMath.Min(width, side);
        int bottom = IntrinsicMath.Min(height, side);
        for (int y = Group.IdxX & 31; y < bottom; y += 32)
        {
            ArrayView<T> row = destination.SubView(offsets[(3 * side) + y]);
            for (int x = Group.IdxX >> 5; x < right; x += 8)
                row.SubView(offsets[side + x])[0] = tile[(x * pitch) + y];
        }
    }
}
