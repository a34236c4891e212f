using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes words of any size in tiles of 32 x 32, one word an access: 16-byte elements, casts to them, and problems too small to fill
/// a device with larger tiles. Only the natural alignment of the words is asked for.</summary>
internal static class TileScalar
{
    public const int Side = 32;
    public const int Pitch = Side + 1;

    /// <summary>Where a thread's first word goes in shared memory; the others follow eight words apart.</summary>
    public static int WriteIndex(int thread) => ((thread & 31) * Pitch) + (thread >> 5);

    /// <summary>Where the word of a thread's first store comes from; the others follow eight pitches apart.</summary>
    public static int ReadIndex(int thread) => ((thread >> 5) * Pitch) + (thread & 31);

    public static void Run<TSource, TDestination, TOp, TOrder, TAxes>(ArrayView<TSource> source, ArrayView<TDestination> destination, TileShape shape, TAxes batch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        ArrayView<TDestination> tile = SharedMemory.Allocate1D<TDestination>(Side * Pitch);
        uint outer = shape.Locate((uint)Grid.IdxX, out int tileX, out int tileY);
        long from = shape.SourceStart + (tileY * Side * shape.SourcePitch) + (tileX * Side);
        long to = shape.DestinationStart + (tileX * Side * shape.DestinationPitch) + (tileY * Side);
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - (tileX * Side);
        int height = shape.Height - (tileY * Side);
        if (width >= Side && height >= Side)
        {
            Load<TSource, TDestination, TOp, TOrder>(source, tile, from, shape.SourcePitch);
            Group.Barrier();
            Store(destination, tile, to, shape.DestinationPitch);
        }
        else
        {
            TileBlock block = default;
            block.From = from;
            block.To = to;
            block.SourcePitch = shape.SourcePitch;
            block.DestinationPitch = shape.DestinationPitch;
            block.WidthLog2 = block.HeightLog2 = 5;
            block.Pitch = Pitch;
            TileEdge.Run<TSource, TDestination, TOp>(source, destination, tile, block, width, height);
        }
    }

    private static void Load<TSource, TDestination, TOp, TOrder>(ArrayView<TSource> source, ArrayView<TDestination> tile, long from, long pitch)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
        where TOrder : unmanaged, IWordOrder
    {
        int thread = Group.IdxX;
        long at = from + ((thread >> 5) * pitch) + (thread & 31);
        FourRows.Load<TSource, TOrder>(source, at, pitch * 8, pitch * 16, out TSource a, out TSource b, out TSource c, out TSource d);
        TOp op = default;
        ArrayView<TDestination> w = tile.SubView(WriteIndex(thread));
        w[0] = op.Apply(a);
        w[8] = op.Apply(b);
        w[16] = op.Apply(c);
        w[24] = op.Apply(d);
    }

    private static void Store<T>(ArrayView<T> destination, ArrayView<T> tile, long to, long pitch)
        where T : unmanaged
    {
        int thread = Group.IdxX;
        ArrayView<T> r = tile.SubView(ReadIndex(thread));
        T a = r[0];
        T b = r[8 * Pitch];
        T c = r[16 * Pitch];
        T d = r[24 * Pitch];
        FourRows.Store(destination, to + ((thread >> 5) * pitch) + (thread & 31), pitch * 8, a, b, c, d);
    }
}
