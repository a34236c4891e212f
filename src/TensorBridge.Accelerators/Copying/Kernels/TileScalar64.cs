using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes words of up to 8 bytes in tiles of 64 x 64, one word an access, 16 words a thread: 8-byte elements, and for smaller ones odd
/// pitches and misaligned bases, where <see cref="Tile1"/>, <see cref="Tile2"/> and <see cref="Tile4"/> cannot go.</summary>
/// <remarks>The pitch in shared memory is an odd number of 32-bit words (68 bytes, 66 halves, 65 words; for 8-byte words two odd ones), so that a column meets every bank once.</remarks>
internal static class TileScalar64
{
    public const int Side = 64;
    private const int LargestPitch = 68;

    /// <summary>Elements between neighbouring columns in shared memory.</summary>
    public static int Pitch(int elementSize) => elementSize == 1 ? 68 : elementSize == 2 ? 66 : 65;

    /// <summary>Where a thread's first word goes; rows follow 8 words apart, the second half of the columns 32 pitches further.</summary>
    public static int WriteIndex(int thread, int pitch) => ((thread & 31) * pitch) + (thread >> 5);

    /// <summary>Where the word of a thread's first store comes from; columns follow 8 pitches apart, the second half 32 words further.</summary>
    public static int ReadIndex(int thread, int pitch) => ((thread >> 5) * pitch) + (thread & 31);

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, TileShape shape, TAxes batch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        ArrayView<TDestination> tile = SharedMemory.Allocate1D<TDestination>(Side * LargestPitch);
        uint outer = shape.Locate((uint)Grid.IdxX, out int tileX, out int tileY);
        long from = shape.SourceStart + (tileY * Side * shape.SourcePitch) + (tileX * Side);
        long to = shape.DestinationStart + (tileX * Side * shape.DestinationPitch) + (tileY * Side);
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - (tileX * Side);
        int height = shape.Height - (tileY * Side);
        int pitch = Pitch(IlgpuInterop.SizeOf<TDestination>());
        if (width >= Side && height >= Side)
        {
            Load<TSource, TDestination, TOp, TOrder>(source, tile, from, shape.SourcePitch, pitch);
            Group.Barrier();
            Store(destination, tile, to, shape.DestinationPitch, pitch);
        }
        else
        {
            TileBlock block = default;
            block.From = from;
            block.To = to;
            block.SourcePitch = shape.SourcePitch;
            block.DestinationPitch = shape.DestinationPitch;
            block.WidthLog2 = block.HeightLog2 = 6;
            block.Pitch = pitch;
            TileEdge.Run<TSource, TDestination, TOp>(source, destination, tile, block, width, height);
        }
    }

    private static void Load<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> tile, long from, long rowPitch, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        int thread = Group.IdxX;
        long at = from + ((thread >> 5) * rowPitch) + (thread & 31);
        ArrayView<TDestination> w = tile.SubView(WriteIndex(thread, pitch));
        Columns<TSource, TDestination, TOp, TOrder>(source, w, at, rowPitch, pitch);
        Columns<TSource, TDestination, TOp, TOrder>(source, w.SubView(32), at + (32 * rowPitch), rowPitch, pitch);
    }

    private static void Columns<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> tile, long at, long rowPitch, int pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        FourRowPairs.Load<TSource, TOrder>(source, at, rowPitch * 8, out FourRowPairs.Words<TSource> near, out FourRowPairs.Words<TSource> far);
        TOp op = default;
        tile[0] = op.Apply(near.First);
        tile[8] = op.Apply(near.Second);
        tile[16] = op.Apply(near.Third);
        tile[24] = op.Apply(near.Fourth);
        tile[32 * pitch] = op.Apply(far.First);
        tile[(32 * pitch) + 8] = op.Apply(far.Second);
        tile[(32 * pitch) + 16] = op.Apply(far.Third);
        tile[(32 * pitch) + 24] = op.Apply(far.Fourth);
    }

    private static void Store<T>(ArrayView<T> destination, ArrayView<T> tile, long to, long columnPitch, int pitch)
        where T : unmanaged
    {
        int thread = Group.IdxX;
        long at = to + ((thread >> 5) * columnPitch) + (thread & 31);
        ArrayView<T> r = tile.SubView(ReadIndex(thread, pitch));
        Rows(destination, r, at, columnPitch, pitch);
        Rows(destination, r.SubView(32 * pitch), at + (32 * columnPitch), columnPitch, pitch);
    }

    private static void Rows<T>(ArrayView<T> destination, ArrayView<T> tile, long at, long columnPitch, int pitch)
        where T : unmanaged
    {
        FourRowPairs.Words<T> near;
        FourRowPairs.Words<T> far;
        near.First = tile[0];
        far.First = tile[32];
        near.Second = tile[8 * pitch];
        far.Second = tile[(8 * pitch) + 32];
        near.Third = tile[16 * pitch];
        far.Third = tile[(16 * pitch) + 32];
        near.Fourth = tile[24 * pitch];
        far.Fourth = tile[(24 * pitch) + 32];
        FourRowPairs.Store(destination, at, columnPitch * 8, near, far);
    }
}
