using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes words of up to 8 bytes in tiles of 64 x 64, single bytes in tiles of 128 x 128, one word an access: 8-byte elements, and
/// for smaller ones odd pitches and misaligned bases, where <see cref="Tile1"/>, <see cref="Tile2"/> and <see cref="Tile4"/> cannot go.</summary>
/// <remarks>The pitch in shared memory is an odd number of 32-bit words (132 bytes, 66 halves, 65 words; for 8-byte words two odd ones), so that a column meets every bank once.</remarks>
internal static class TileLarge
{
    private const int LargestPitch = 68;
    private const int BytePitch = 132;

    /// <summary>Words along both sides of a tile. A byte costs as many instructions as a word: it takes more of them to share the rest.</summary>
    public static int Side(int elementSize) => elementSize == 1 ? 128 : 64;

    /// <summary>Elements between neighbouring columns in shared memory.</summary>
    public static int Pitch(int elementSize) => elementSize == 1 ? BytePitch : elementSize == 2 ? 66 : 65;

    /// <summary>Elements of shared memory.</summary>
    public static int SharedElements(int elementSize) => elementSize == 1 ? 128 * BytePitch : 64 * LargestPitch;

    /// <summary>Where a thread's first word goes; rows follow 8 words apart, further columns 32 pitches further.</summary>
    public static int WriteIndex(int thread, int pitch) => ((thread & 31) * pitch) + (thread >> 5);

    /// <summary>Where the word of a thread's first store comes from; columns follow 8 pitches apart, further rows 32 words further.</summary>
    public static int ReadIndex(int thread, int pitch) => ((thread >> 5) * pitch) + (thread & 31);

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, TileShape shape, TAxes batch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        int size = IlgpuInterop.SizeOf<TDestination>();
        ArrayView<TDestination> tile = SharedMemory.Allocate1D<TDestination>(SharedElements(size));
        int side = Side(size);
        int pitch = Pitch(size);
        uint outer = shape.Locate((uint)Grid.IdxX, out int tileX, out int tileY);
        long from = shape.SourceStart + (tileY * side * shape.SourcePitch) + (tileX * side);
        long to = shape.DestinationStart + (tileX * side * shape.DestinationPitch) + (tileY * side);
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - (tileX * side);
        int height = shape.Height - (tileY * side);
        if (width >= side && height >= side)
        {
            Load<TSource, TDestination, TOp, TOrder>(source, tile, from, shape.SourcePitch, side, pitch);
            Group.Barrier();
            Store(destination, tile, to, shape.DestinationPitch, side, pitch);
        }
        else
        {
            TileBlock block = default;
            block.From = from;
            block.To = to;
            block.SourcePitch = shape.SourcePitch;
            block.DestinationPitch = shape.DestinationPitch;
            block.WidthLog2 = block.HeightLog2 = side == 128 ? 7 : 6;
            block.Pitch = pitch;
            TileEdge.Run<TSource, TDestination, TOp>(source, destination, tile, block, width, height);
        }
    }

    private static void Load<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> tile, long from, long rowPitch, int side, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        int thread = Group.IdxX;
        bool falls = default(TOrder).Falls;
        long row = falls ? (thread >> 5) + side - 8 : thread >> 5;
        ArrayView<TSource> s = source.SubView(from + (row * rowPitch) + (thread & 31));
        ArrayView<TDestination> w = tile.SubView(WriteIndex(thread, pitch));
        var step = (uint)((falls ? -rowPitch : rowPitch) * 8);
        int lowest = side - 32;
        LoadRows<TSource, TDestination, TOp, TOrder>(s, w, falls ? lowest : 0, step, side, pitch, out s);
        LoadRows<TSource, TDestination, TOp, TOrder>(s.SubView(step), w, falls ? lowest - 32 : 32, step, side, pitch, out s);
        if (side == 128)
        {
            LoadRows<TSource, TDestination, TOp, TOrder>(s.SubView(step), w, falls ? lowest - 64 : 64, step, side, pitch, out s);
            LoadRows<TSource, TDestination, TOp, TOrder>(s.SubView(step), w, falls ? lowest - 96 : 96, step, side, pitch, out _);
        }
    }

    /// <summary>Four rows, 8 apart, of every 32 columns: loaded before they go to shared memory. Returns the last of the rows.</summary>
    private static void LoadRows<TSource, TDestination, TOp, TOrder>(
        ArrayView<TSource> source, ArrayView<TDestination> tile, int row, uint step, int side, int pitch, out ArrayView<TSource> last)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        FourRowViews<TSource> rows = FourRowViews<TSource>.From(source, step);
        last = rows.Fourth;
        Four<TSource> a = rows.Load<TOrder>(0);
        Four<TSource> b = rows.Load<TOrder>(32);
        if (side == 64)
        {
            Put<TSource, TDestination, TOp>(tile, row, a);
            Put<TSource, TDestination, TOp>(tile, row + (32 * pitch), b);
            return;
        }
        Four<TSource> c = rows.Load<TOrder>(64);
        Four<TSource> d = rows.Load<TOrder>(96);
        Put<TSource, TDestination, TOp>(tile, row, a);
        Put<TSource, TDestination, TOp>(tile, row + (32 * pitch), b);
        Put<TSource, TDestination, TOp>(tile, row + (64 * pitch), c);
        Put<TSource, TDestination, TOp>(tile, row + (96 * pitch), d);
    }

    private static void Put<TSource, TDestination, TOp>(ArrayView<TDestination> tile, int at, Four<TSource> words)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        tile[at] = op.Apply(words.First);
        tile[at + 8] = op.Apply(words.Second);
        tile[at + 16] = op.Apply(words.Third);
        tile[at + 24] = op.Apply(words.Fourth);
    }

    private static void Store<T>(ArrayView<T> destination, ArrayView<T> tile, long to, long columnPitch, int side, int pitch)
        where T : unmanaged
    {
        int thread = Group.IdxX;
        ArrayView<T> d = destination.SubView(to + ((thread >> 5) * columnPitch) + (thread & 31));
        ArrayView<T> r = tile.SubView(ReadIndex(thread, pitch));
        var step = (uint)(columnPitch * 8);
        StoreColumns(d, r, step, side, pitch, out d);
        StoreColumns(d.SubView(step), r.SubView(32 * pitch), step, side, pitch, out d);
        if (side == 128)
        {
            StoreColumns(d.SubView(step), r.SubView(64 * pitch), step, side, pitch, out d);
            StoreColumns(d.SubView(step), r.SubView(96 * pitch), step, side, pitch, out _);
        }
    }

    private static void StoreColumns<T>(ArrayView<T> destination, ArrayView<T> tile, uint step, int side, int pitch, out ArrayView<T> last)
        where T : unmanaged
    {
        FourRowViews<T> columns = FourRowViews<T>.From(destination, step);
        last = columns.Fourth;
        Four<T> a = Get(tile, 0, pitch);
        Four<T> b = Get(tile, 32, pitch);
        columns.Store(0, a);
        columns.Store(32, b);
        if (side == 128)
        {
            Four<T> c = Get(tile, 64, pitch);
            Four<T> d = Get(tile, 96, pitch);
            columns.Store(64, c);
            columns.Store(96, d);
        }
    }

    private static Four<T> Get<T>(ArrayView<T> tile, int at, int pitch)
        where T : unmanaged
    {
        Four<T> words;
        words.First = tile[at];
        words.Second = tile[at + (8 * pitch)];
        words.Third = tile[at + (16 * pitch)];
        words.Fourth = tile[at + (24 * pitch)];
        return words;
    }
}
