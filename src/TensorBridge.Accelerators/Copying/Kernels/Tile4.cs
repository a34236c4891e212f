using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>Transposes 4-byte elements in tiles of 64 x 64, with 16-byte accesses on both sides.</summary>
/// <remarks>
/// <code>
/// a warp loads 4 rows x 128 bytes:        shared memory, one column of the source after the other, pitch 65 words:
///   row 0  |V0|V1|V2|V3|V4|V5|V6|V7|        x = 0  | y0 y1 y2 … y63 | pad
///   row 1  |V8| …                           x = 1  | y0 y1 y2 … y63 | pad
/// </code>
/// The four words of a load go to four neighbouring columns; no two threads of a warp meet in a bank, on either pass.
/// </remarks>
internal static class Tile4
{
    public const int Side = 64;
    public const int Pitch = Side + 1;
    private const int Vectors = Side / 4;

    /// <summary>The 16-byte column, 0 to 15, that a thread moves on both passes.</summary>
    public static int Column(int thread) => (thread & 7) + ((thread >> 2) & 8);

    /// <summary>The first of the four rows, 16 apart, that a thread moves on both passes.</summary>
    public static int Row(int thread) => ((thread >> 3) & 3) + ((thread >> 6) << 2);

    /// <summary>Where word 0 of a thread's first load goes in shared memory; words are a pitch apart, loads 16 words.</summary>
    public static int WriteIndex(int thread) => (Column(thread) * 4 * Pitch) + Row(thread);

    /// <summary>Where word 0 of a thread's first store comes from; words are neighbours, stores 16 pitches apart.</summary>
    public static int ReadIndex(int thread) => (Row(thread) * Pitch) + (Column(thread) * 4);

    public static void Run<TOp, TElementOp, TOrder, TAxes>(ArrayView<V16> source, ArrayView<V16> destination, TileShape shape, TAxes batch)
        where TOp : unmanaged, IWordOp<V16, V16>
        where TElementOp : unmanaged, IWordOp<uint, uint>
        where TOrder : unmanaged, IWordOrder
        where TAxes : unmanaged, IAxes
    {
        ArrayView<uint> tile = SharedMemory.Allocate1D<uint>(Side * Pitch);
        uint outer = shape.Locate((uint)Grid.IdxX, out int tileX, out int tileY);
        long from = shape.SourceStart + (tileY * Side * shape.SourcePitch) + (tileX * Vectors);
        long to = shape.DestinationStart + (tileX * Side * shape.DestinationPitch) + (tileY * Vectors);
        batch.Decode(outer, ref from, ref to);
        int width = shape.Width - (tileX * Side);
        int height = shape.Height - (tileY * Side);
        if (width >= Side && height >= Side)
        {
            Load<TOp, TOrder>(source, tile, from, shape.SourcePitch);
            Group.Barrier();
            Store(destination, tile, to, shape.DestinationPitch);
        }
        else
        {
            TileBlock block = default;
            block.From = from * 4;
            block.To = to * 4;
            block.SourcePitch = shape.SourcePitch * 4;
            block.DestinationPitch = shape.DestinationPitch * 4;
            block.WidthLog2 = block.HeightLog2 = 6;
            block.Pitch = Pitch;
            TileEdge.Run<uint, uint, TElementOp>(source.Cast<uint>(), destination.Cast<uint>(), tile, block, width, height);
        }
    }

    private static void Load<TOp, TOrder>(ArrayView<V16> source, ArrayView<uint> tile, long from, long pitch)
        where TOp : unmanaged, IWordOp<V16, V16>
        where TOrder : unmanaged, IWordOrder
    {
        int thread = Group.IdxX;
        long at = from + (Row(thread) * pitch) + Column(thread);
        FourRows.Load<V16, TOrder>(source, at, pitch * 16, pitch * 32, out V16 a, out V16 b, out V16 c, out V16 d);
        TOp op = default;
        ArrayView<uint> w = tile.SubView(WriteIndex(thread));
        Scatter(w, 0, op.Apply(a));
        Scatter(w, 16, op.Apply(b));
        Scatter(w, 32, op.Apply(c));
        Scatter(w, 48, op.Apply(d));
    }

    private static void Store(ArrayView<V16> destination, ArrayView<uint> tile, long to, long pitch)
    {
        int thread = Group.IdxX;
        ArrayView<uint> r = tile.SubView(ReadIndex(thread));
        V16 a = Collect(r, 0);
        V16 b = Collect(r, 16 * Pitch);
        V16 c = Collect(r, 32 * Pitch);
        V16 d = Collect(r, 48 * Pitch);
        FourRows.Store(destination, to + (Row(thread) * pitch) + Column(thread), pitch * 16, a, b, c, d);
    }

    private static void Scatter(ArrayView<uint> tile, int at, V16 word)
    {
        tile[at] = word.X;
        tile[at + Pitch] = word.Y;
        tile[at + (2 * Pitch)] = word.Z;
        tile[at + (3 * Pitch)] = word.W;
    }

    private static V16 Collect(ArrayView<uint> tile, int at)
    {
        V16 word;
        word.X = tile[at];
        word.Y = tile[at + 1];
        word.Z = tile[at + 2];
        word.W = tile[at + 3];
        return word;
    }
}
