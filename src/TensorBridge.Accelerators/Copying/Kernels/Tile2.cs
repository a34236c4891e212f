using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes 2-byte elements in tiles of 128 x 64, with 16-byte accesses on both sides.</summary>
/// <remarks>
/// A thread loads 16 bytes of two pairs of neighbouring rows and joins each pair, in registers, to one word per column: from then on a tile is
/// 128 columns of 32 words, as in <see cref="Tile1"/>.
/// </remarks>
internal static class Tile2
{
    public const int Width = 128;
    public const int Height = 64;
    private const int SourceVectors = Width / 8;
    private const int DestinationVectors = Height / 8;

    /// <summary>The 16-byte column, 0 to 15, that a thread loads.</summary>
    public static int Column(int thread) => (thread & 7) + ((thread >> 2) & 8);

    /// <summary>The first pair of rows, 0 to 15, that a thread loads; the second follows 16 pairs below.</summary>
    public static int RowPair(int thread) => ((thread >> 3) & 3) + ((thread >> 6) << 2);

    /// <summary>What the row pair is exchanged with in the columns of a 16-byte column.</summary>
    public static int Key(int column) => column & 4;

    /// <summary>Where the word of a thread's first column goes; the other seven follow a pitch apart, the second pair 16 words further.</summary>
    public static int WriteIndex(int thread) => (Column(thread) * 8 * ByteColumns.Pitch) + (RowPair(thread) ^ Key(Column(thread)));

    /// <summary>Where word 0 of store <paramref name="k"/> comes from.</summary>
    public static int ReadIndex(int thread, int k)
    {
        int column = ByteColumns.Row(thread) + (32 * k);
        return ByteColumns.ReadIndex(column, ByteColumns.Vector(thread), Key(column >> 3));
    }

    public static void Run<TOp, TElementOp, TOrder, TAxes>(ArrayView<V16> source, ArrayView<V16> destination, TileShape shape, TAxes batch)
        where TOp : unmanaged, IWordOp<V16, V16>
        where TElementOp : unmanaged, IWordOp<ushort, ushort>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        ArrayView<uint> tile = SharedMemory.Allocate1D<uint>(ByteColumns.Columns * ByteColumns.Pitch);
        uint outer = shape.Locate((uint)Grid.IdxX, out int tileX, out int tileY);
        long from = shape.SourceStart + (tileY * Height * shape.SourcePitch) + (tileX * SourceVectors);
        long to = shape.DestinationStart + (tileX * Width * shape.DestinationPitch) + (tileY * DestinationVectors);
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - (tileX * Width);
        int height = shape.Height - (tileY * Height);
        if (width >= Width && height >= Height)
        {
            Load<TOp, TOrder>(source, tile, from, shape.SourcePitch);
            Group.Barrier();
            Store(destination, tile, to, shape.DestinationPitch);
        }
        else
        {
            TileBlock block = default;
            block.From = from * 8;
            block.To = to * 8;
            block.SourcePitch = shape.SourcePitch * 8;
            block.DestinationPitch = shape.DestinationPitch * 8;
            block.WidthLog2 = 7;
            block.HeightLog2 = 6;
            block.Pitch = ByteColumns.Pitch * 2;
            TileEdge.Run<ushort, ushort, TElementOp>(source.Cast<ushort>(), destination.Cast<ushort>(), tile.Cast<ushort>(), block, width, height);
        }
    }

    private static void Load<TOp, TOrder>(ArrayView<V16> source, ArrayView<uint> tile, long from, long pitch)
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        int thread = Group.IdxX;
        long at = from + (RowPair(thread) * 2 * pitch) + Column(thread);
        FourRows.Load<V16, TOrder>(source, at, pitch, pitch * 32, out V16 a, out V16 b, out V16 c, out V16 d);
        TOp op = default;
        ArrayView<uint> w = tile.SubView(WriteIndex(thread));
        Join(w, 0, op.Apply(a), op.Apply(b));
        Join(w, 16, op.Apply(c), op.Apply(d));
    }

    private static void Join(ArrayView<uint> tile, int at, V16 upper, V16 lower)
    {
        tile[at] = Bytes.Low(upper.X, lower.X);
        tile[at + ByteColumns.Pitch] = Bytes.High(upper.X, lower.X);
        tile[at + (2 * ByteColumns.Pitch)] = Bytes.Low(upper.Y, lower.Y);
        tile[at + (3 * ByteColumns.Pitch)] = Bytes.High(upper.Y, lower.Y);
        tile[at + (4 * ByteColumns.Pitch)] = Bytes.Low(upper.Z, lower.Z);
        tile[at + (5 * ByteColumns.Pitch)] = Bytes.High(upper.Z, lower.Z);
        tile[at + (6 * ByteColumns.Pitch)] = Bytes.Low(upper.W, lower.W);
        tile[at + (7 * ByteColumns.Pitch)] = Bytes.High(upper.W, lower.W);
    }

    private static void Store(ArrayView<V16> destination, ArrayView<uint> tile, long to, long pitch)
    {
        int thread = Group.IdxX;
        V16 a = ByteColumns.Collect(tile, ReadIndex(thread, 0));
        V16 b = ByteColumns.Collect(tile, ReadIndex(thread, 1));
        V16 c = ByteColumns.Collect(tile, ReadIndex(thread, 2));
        V16 d = ByteColumns.Collect(tile, ReadIndex(thread, 3));
        FourRows.Store(destination, to + (ByteColumns.Row(thread) * pitch) + ByteColumns.Vector(thread), pitch * 32, a, b, c, d);
    }
}
