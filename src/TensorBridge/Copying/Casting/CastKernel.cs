using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying;

/// <summary>Converts contiguous elements of one type and byte order to another: the whole operation of a cast or byte swap, on a run.</summary>
/// <remarks>A route of one stage runs over the whole run; longer routes run block by block through two buffers that stay in the first-level cache.</remarks>
internal sealed unsafe class CastKernel
{
    private const int BufferBytes = 4096;

    private readonly CastStage[] _stages;
    private readonly int _blockItems;

    private CastKernel(List<CastStage> stages, int sourceSize, int destinationSize)
    {
        _stages = stages.ToArray();
        SourceSize = sourceSize;
        DestinationSize = destinationSize;
        int widest = 1;
        foreach (CastStage stage in _stages)
            widest = Math.Max(widest, Math.Max(stage.SourceSize, stage.DestinationSize));
        _blockItems = BufferBytes / widest;
    }

    /// <summary>Bytes read per element.</summary>
    public int SourceSize { get; }

    /// <summary>Bytes written per element.</summary>
    public int DestinationSize { get; }

    /// <summary>The kernel for a cast, or for the components of a byte swap; made once per operation.</summary>
    public static CastKernel For(in CopyOp op) => CastKernels.Get(op);

    internal static CastKernel Create(in CopyOp op)
    {
        var stages = new List<CastStage>(8);
        if (op.Kind == CopyOpKind.ByteSwap)
        {
            stages.Add(SwapStages.Swap(op.SwapUnit, 1));
            return new CastKernel(stages, op.SwapUnit, op.SwapUnit);
        }
        AppendSwap(stages, op.SourceType, op.SwapSource);
        stages.AddRange(CastRoute.Build(op.SourceType, op.DestinationType));
        AppendSwap(stages, op.DestinationType, op.SwapDestination);
        return new CastKernel(stages, op.SourceItemSize, op.DestinationItemSize);
    }

    private static void AppendSwap(List<CastStage> stages, ElementType type, bool swap)
    {
        int unit = type.ComponentSize();
        if (swap && unit > 1)
            stages.Add(SwapStages.Swap(unit, type.Size() / unit));
    }

    /// <summary>Converts <paramref name="count"/> elements. The two runs are the same (equal sizes only) or do not overlap.</summary>
    public void Convert(byte* source, byte* destination, nint count)
    {
        if (_stages.Length == 1)
            _stages[0].Run(source, destination, count);
        else if (_stages.Length == 0)
            Buffer.MemoryCopy(source, destination, count * DestinationSize, count * DestinationSize);
        else
            ConvertBlocks(source, destination, count);
    }

    /// <summary>As <see cref="Convert"/> for runs that leave the caches anyway: whole lines are written past them.</summary>
    [SkipLocalsInit]
    public void ConvertStreaming(byte* source, byte* destination, nint count)
    {
        nint head = (nint)(-(nint)destination & 63);
        if (head % DestinationSize != 0 || count * DestinationSize < 2 * BufferBytes)
        {
            Convert(source, destination, count);
            return;
        }
        Convert(source, destination, head / DestinationSize);
        source += head / DestinationSize * SourceSize;
        destination += head;
        count -= head / DestinationSize;
        byte* memory = stackalloc byte[BufferBytes + 64];
        byte* buffer = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        nint items = BufferBytes / DestinationSize;
        for (; count >= items; count -= items)
        {
            Convert(source, buffer, items);
            for (nint line = 0; line < BufferBytes; line += 64)
                Vector512.LoadAligned(buffer + line).StoreAlignedNonTemporal(destination + line);
            source += items * SourceSize;
            destination += BufferBytes;
        }
        // Streamed lines are ordered before whatever the caller publishes next.
        Thread.MemoryBarrier();
        Convert(source, destination, count);
    }

    [SkipLocalsInit]
    private void ConvertBlocks(byte* source, byte* destination, nint count)
    {
        byte* memory = stackalloc byte[(2 * BufferBytes) + 64];
        byte* front = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        byte* back = front + BufferBytes;
        int last = _stages.Length - 1;
        while (count > 0)
        {
            nint items = Math.Min(count, _blockItems);
            byte* from = source;
            for (int i = 0; i < last; i++)
            {
                _stages[i].Run(from, front, items);
                from = front;
                front = back;
                back = from;
            }
            _stages[last].Run(from, destination, items);
            source += items * SourceSize;
            destination += items * DestinationSize;
            count -= items;
        }
    }
}
