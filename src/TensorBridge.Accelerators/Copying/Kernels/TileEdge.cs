using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The ragged tiles at the right and lower edge: element by element through shared memory, for every tile kernel.</summary>
internal static class TileEdge
{
    private const int Threads = 256;

    /// <summary>Moves <paramref name="width"/> x <paramref name="height"/> elements of one tile. All threads of the block take part.</summary>
    public static void Run<TSource, TDestination, TOp>(
        ArrayView<TSource> source, ArrayView<TDestination> destination, ArrayView<TDestination> tile, TileBlock block, int width, int height)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        TOp op = default;
        int columns = (1 << block.WidthLog2) - 1;
        for (int i = Group.IdxX; i < block.Elements; i += Threads)
        {
            int x = i & columns;
            int y = i >> block.WidthLog2;
            if (x < width && y < height)
                tile[(x * block.Pitch) + y] = op.Apply(source[block.From + (y * block.SourcePitch) + x]);
        }
        Group.Barrier();
        int rows = (1 << block.HeightLog2) - 1;
        for (int i = Group.IdxX; i < block.Elements; i += Threads)
        {
            int y = i & rows;
            int x = i >> block.HeightLog2;
            if (x < width && y < height)
                destination[block.To + (x * block.DestinationPitch) + y] = tile[(x * block.Pitch) + y];
        }
    }
}
