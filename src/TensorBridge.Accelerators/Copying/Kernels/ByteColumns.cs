using ILGPU;

namespace TensorBridge.Accelerators.Copying;

/// <summary>The second half of <see cref="Tile1"/> and <see cref="Tile2"/>: 128 columns of the source, each 128 bytes long, leave shared memory as rows.</summary>
/// <remarks>Columns have a pitch of 33 words. Inside a column, groups of four words trade places by a key, so that neither pass meets in a bank.</remarks>
internal static class ByteColumns
{
    public const int Columns = 128;
    public const int Pitch = 33;

    /// <summary>The column of a thread's first store, 0 to 31; the others follow 32 columns apart.</summary>
    public static int Row(int thread) => thread >> 3;

    /// <summary>The 16-byte word of the column that a thread stores, 0 to 7.</summary>
    public static int Vector(int thread) => thread & 7;

    /// <summary>The first of the four words a thread reads for one store.</summary>
    public static int ReadIndex(int column, int vector, int key) => (column * Pitch) + ((vector * 4) ^ key);

    public static V16 Collect(ArrayView<uint> tile, int at)
    {
        ArrayView<uint> r = tile.SubView(at);
        V16 word;
        word.X = r[0];
        word.Y = r[1];
        word.Z = r[2];
        word.W = r[3];
        return word;
    }
}
