using System.Buffers.Binary;

namespace TensorBridge.Copying;

/// <summary>Reversal of bytes in contiguous components, which the runtime library vectorises.</summary>
internal static unsafe class SwapStages
{
    /// <summary>Longest span handed over at once.</summary>
    private const int Chunk = 1 << 28;

    /// <summary>Reverses components of 2, 4 or 8 bytes.</summary>
    public static CastStage Swap(int unit, int parts) => unit switch
    {
        2 => CastStage.Of(&Swap16, 2, 2, parts),
        4 => CastStage.Of(&Swap32, 4, 4, parts),
        8 => CastStage.Of(&Swap64, 8, 8, parts),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Components have 2, 4 or 8 bytes."),
    };

    private static void Swap16(byte* source, byte* destination, nint count)
    {
        for (nint done = 0; done < count; done += Chunk)
        {
            int part = (int)Math.Min(Chunk, count - done);
            BinaryPrimitives.ReverseEndianness(new ReadOnlySpan<ushort>((ushort*)source + done, part), new Span<ushort>((ushort*)destination + done, part));
        }
    }

    private static void Swap32(byte* source, byte* destination, nint count)
    {
        for (nint done = 0; done < count; done += Chunk)
        {
            int part = (int)Math.Min(Chunk, count - done);
            BinaryPrimitives.ReverseEndianness(new ReadOnlySpan<uint>((uint*)source + done, part), new Span<uint>((uint*)destination + done, part));
        }
    }

    private static void Swap64(byte* source, byte* destination, nint count)
    {
        for (nint done = 0; done < count; done += Chunk)
        {
            int part = (int)Math.Min(Chunk, count - done);
            BinaryPrimitives.ReverseEndianness(new ReadOnlySpan<ulong>((ulong*)source + done, part), new Span<ulong>((ulong*)destination + done, part));
        }
    }
}
