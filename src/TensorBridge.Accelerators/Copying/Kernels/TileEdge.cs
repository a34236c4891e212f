using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The ragged tiles at the right and lower edge: element by element through shared memory, for every tile kernel.</summary>
internal static class TileEdge
{
    /// <summary>Moves <paramref name="width"/> x <paramref name="height"/> elements of one tile, or all of it where it has no more. All threads of the block take part.</summary>
    /// <remarks>Four elements of a column are loaded at once; those beyond the edge repeat the last one.</remarks>
    public static void Run<TSource, TDestination, TOp>(
        ArrayView<TSource> source, ArrayView<TDestination> destination, ArrayView<TDestination> tile, TileBlock block, int width, int height)
        where TSource : unmanaged
        where TDestination : unmanaged
        where TOp : unmanaged, IWordOp<TSource, TDestination>
    {
        width = IntrinsicMath.Min(width, 1 << block.WidthLog2);
        height = IntrinsicMath.Min(height, 1 << block.HeightLog2);
        int lane = Group.IdxX & 31;
        int warp = Group.IdxX >> 5;
        TOp op = default;
        for (int x = lane; x < width; x += 32)
        {
            for (int y = warp; y < height; y += 32)
            {
                int last = height - 1;
                int y1 = IntrinsicMath.Min(y + 8, last);
                int y2 = IntrinsicMath.Min(y + 16, last);
                int y3 = IntrinsicMath.Min(y + 24, last);
                TSource a = source[block.From + (y * block.SourcePitch) + x];
                TSource b = source[block.From + (y1 * block.SourcePitch) + x];
                TSource c = source[block.From + (y2 * block.SourcePitch) + x];
                TSource d = source[block.From + (y3 * block.SourcePitch) + x];
                int column = x * block.Pitch;
                tile[column + y] = op.Apply(a);
                tile[column + y1] = op.Apply(b);
                tile[column + y2] = op.Apply(c);
                tile[column + y3] = op.Apply(d);
            }
        }
        Group.Barrier();
        for (int y = lane; y < height; y += 32)
        {
            for (int x = warp; x < width; x += 8)
                destination[block.To + (x * block.DestinationPitch) + y] = tile[(x * block.Pitch) + y];
        }
    }
}
