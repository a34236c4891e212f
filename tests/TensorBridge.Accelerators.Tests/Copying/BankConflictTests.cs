using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Every access of every tile kernel to shared memory, enumerated: no two lanes that are served together meet in a bank.</summary>
public sealed class BankConflictTests
{
    private const int Banks = 32;

    [Fact]
    public void Tile4()
    {
        for (int load = 0; load < 4; load++)
        {
            for (int j = 0; j < 4; j++)
            {
                Check(4, thread => TileIndex(Accelerators.Copying.Tile4.WriteIndex(thread), (16 * load) + (j * Accelerators.Copying.Tile4.Pitch)));
                Check(4, thread => TileIndex(Accelerators.Copying.Tile4.ReadIndex(thread), (16 * load * Accelerators.Copying.Tile4.Pitch) + j));
            }
        }
    }

    [Fact]
    public void Tile1()
    {
        for (int j = 0; j < 16; j++)
            Check(4, thread => TileIndex(Accelerators.Copying.Tile1.WriteIndex(thread), j * ByteColumns.Pitch));
        for (int k = 0; k < 4; k++)
        {
            for (int j = 0; j < 4; j++)
                Check(4, thread => TileIndex(Accelerators.Copying.Tile1.ReadIndex(thread, k), j));
        }
    }

    [Fact]
    public void Tile2()
    {
        for (int pair = 0; pair < 2; pair++)
        {
            for (int j = 0; j < 8; j++)
                Check(4, thread => TileIndex(Accelerators.Copying.Tile2.WriteIndex(thread), (j * ByteColumns.Pitch) + (16 * pair)));
        }
        for (int k = 0; k < 4; k++)
        {
            for (int j = 0; j < 4; j++)
                Check(4, thread => TileIndex(Accelerators.Copying.Tile2.ReadIndex(thread, k), j));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void TileLargeAndTileN(int size)
    {
        int pitch = Accelerators.Copying.TileLarge.Pitch(size);
        int side = Accelerators.Copying.TileLarge.Side(size);
        for (int k = 0; k < side / 8; k++)
        {
            for (int half = 0; half < side / 32; half++)
            {
                Check(size, thread => TileIndex(Accelerators.Copying.TileLarge.WriteIndex(thread, pitch), (8 * k) + (32 * half * pitch)));
                Check(size, thread => TileIndex(Accelerators.Copying.TileLarge.ReadIndex(thread, pitch), (8 * k * pitch) + (32 * half)));
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void TileScalar(int size)
    {
        for (int k = 0; k < 4; k++)
        {
            Check(size, thread => TileIndex(Accelerators.Copying.TileScalar.WriteIndex(thread), 8 * k));
            Check(size, thread => TileIndex(Accelerators.Copying.TileScalar.ReadIndex(thread), 8 * k * Accelerators.Copying.TileScalar.Pitch));
        }
    }

    [Fact]
    public void TheEnumerationFindsConflicts() =>
        Assert.ThrowsAny<Exception>(() => Check(4, thread => (thread & 31) * 64));

    private static int TileIndex(int first, int offset) => first + offset;

    /// <summary>Index of each thread's word, words of the given size. 32 lanes are served together, 16 of 8-byte words, 8 of 16-byte words.</summary>
    private static void Check(int size, Func<int, int> index)
    {
        int together = size <= 4 ? 32 : 128 / size;
        for (int first = 0; first < 256; first += together)
        {
            var words = new Dictionary<int, int>();
            for (int thread = first; thread < first + together; thread++)
            {
                long address = (long)index(thread) * size;
                for (int part = 0; part < Math.Max(1, size / 4); part++)
                {
                    int word = (int)(address / 4) + part;
                    // Lanes that touch the same word are served at once.
                    Assert.True(!words.TryGetValue(word % Banks, out int other) || other == word, $"words {word} and {other} share bank {word % Banks} (threads {first} to {thread})");
                    words[word % Banks] = word;
                }
            }
        }
    }
}
