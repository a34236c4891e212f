using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes bytes in tiles of 128 x 128, with 16-byte accesses on both sides.</summary>
/// <remarks>
/// A thread loads 16 bytes of four neighbouring rows and turns them, in registers, into four blocks of 4 x 4 bytes: from then on a tile is
/// 128 columns of 32 words.
/// <code>
/// p: p0 p1 p2 p3        p0 q0 u0 v0
/// q: q0 q1 q2 q3   ->   p1 q1 u1 v1     one word per column
/// u: u0 u1 u2 u3        p2 q2 u2 v2
/// v: v0 v1 v2 v3        p3 q3 u3 v3
/// </code>
/// </remarks>
internal static class Tile1
{
    public const int Side = 128;
    private const int Vectors = Side / 16;

    /// <summary>The 16-byte column, 0 to 7, that a thread loads.</summary>
    public static int Column(int thread) => thread & 7;

    /// <summary>The group of four rows, 0 to 31, that a thread loads.</summary>
    public static int RowGroup(int thread) => thread >> 3;

    /// <summary>What the row group is exchanged with in the columns of a 16-byte column.</summary>
    public static int Key(int column) => (column >> 1) << 2;

    /// <summary>Where the word of a thread's first column goes; the other 15 follow a pitch apart.</summary>
    public static int WriteIndex(int thread) => (Column(thread) * 16 * ByteColumns.Pitch) + (RowGroup(thread) ^ Key(Column(thread)));

    /// <summary>Where word 0 of store <paramref name="k"/> comes from.</summary>
    public static int ReadIndex(int thread, int k)
    {
        int column = ByteColumns.Row(thread) + (32 * k);
        return ByteColumns.ReadIndex(column, ByteColumns.Vector(thread), Key(column >> 4));
    }

    public static void Run<TOrder, TAxes>(ArrayView<V16> source, ArrayView<V16> destination, TileShape shape, TAxes batch)
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        ArrayView<uint> tile = SharedMemory.Allocate1D<uint>(ByteColumns.Columns * ByteColumns.Pitch);
        uint outer = shape.Locate((uint)Grid.IdxX, out int tileX, out int tileY);
        long from = shape.SourceStart + (tileY * Side * shape.SourcePitch) + (tileX * Vectors);
        long to = shape.DestinationStart + (tileX * Side * shape.DestinationPitch) + (tileY * Vectors);
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - (tileX * Side);
        int height = shape.Height - (tileY * Side);
        if (width >= Side && height >= Side)
        {
            Load<TOrder>(source, tile, from, shape.SourcePitch);
            Group.Barrier();
            Store(destination, tile, to, shape.DestinationPitch);
        }
        else
        {
            TileBlock block = default;
            block.From = from * 16;
            block.To = to * 16;
            block.SourcePitch = shape.SourcePitch * 16;
            block.DestinationPitch = shape.DestinationPitch * 16;
            block.WidthLog2 = block.HeightLog2 = 7;
            block.Pitch = ByteColumns.Pitch * 4;
            TileEdge.Run<byte, byte, Keep<byte>>(source.Cast<byte>(), destination.Cast<byte>(), tile.Cast<byte>(), block, width, height);
        }
    }

    private static void Load<TOrder>(ArrayView<V16> source, ArrayView<uint> tile, long from, long pitch)
        where TOrder : unmanaged, IWordOrder
    {
        int thread = Group.IdxX;
        long at = from + (RowGroup(thread) * 4 * pitch) + Column(thread);
        FourRows.Load<V16, TOrder>(source, at, pitch, pitch * 2, out V16 p, out V16 q, out V16 u, out V16 v);
        ArrayView<uint> w = tile.SubView(WriteIndex(thread));
        Turn(w, 0, p.X, q.X, u.X, v.X);
        Turn(w, 4 * ByteColumns.Pitch, p.Y, q.Y, u.Y, v.Y);
        Turn(w, 8 * ByteColumns.Pitch, p.Z, q.Z, u.Z, v.Z);
        Turn(w, 12 * ByteColumns.Pitch, p.W, q.W, u.W, v.W);
    }

    private static void Turn(ArrayView<uint> tile, int at, uint p, uint q, uint u, uint v)
    {
        uint a = Bytes.Even(p, q);
        uint b = Bytes.Odd(p, q);
        uint c = Bytes.Even(u, v);
        uint d = Bytes.Odd(u, v);
        tile[at] = Bytes.Low(a, c);
        tile[at + ByteColumns.Pitch] = Bytes.Low(b, d);
        tile[at + (2 * ByteColumns.Pitch)] = Bytes.High(a, c);
        tile[at + (3 * ByteColumns.Pitch)] = Bytes.High(b, d);
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
