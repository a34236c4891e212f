using System.Buffers.Binary;
using System.Numerics.Tensors;

namespace TensorBridge.Copying;

/// <summary>Loops that the runtime library already vectorises: binary16 and byte order.</summary>
internal static unsafe class SpanStages
{
    /// <summary>Longest span handed over at once.</summary>
    private const int Chunk = 1 << 28;

    public static CastStage Float16ToFloat32(int parts) => CastStage.Of(&WidenHalf, 2, 4, parts);

    public static CastStage Float32ToFloat16(int parts) => CastStage.Of(&NarrowHalf, 4, 2, parts);

    /// <summary>Reverses components of 2, 4 or 8 bytes.</summary>
    public static CastStage Swap(int unit, int parts) => unit switch
    {
        2 => CastStage.Of(&Swap16, 2, 2, parts),
        4 => CastStage.Of(&Swap32, 4, 4, parts),
        8 => CastStage.Of(&Swap64, 8, 8, parts),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Components have 2, 4 or 8 bytes."),
    };

    private static void WidenHalf(byte* source, byte* destination, nint count)
    {
        for (nint done = 0; done < count; done += Chunk)
        {
            int part = (int)Math.Min(Chunk, count - done);
            TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>((Half*)source + done, part), new Span<float>((float*)destination + done, part));
        }
    }

    private static void NarrowHalf(byte* source, byte* destination, nint count)
    {
        for (nint done = 0; done < count; done += Chunk)
        {
            int part = (int)Math.Min(Chunk, count - done);
            TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>((float*)source + done, part), new Span<Half>((Half*)destination + done, part));
        }
    }

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
