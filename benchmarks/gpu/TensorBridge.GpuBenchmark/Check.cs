using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Copying;

namespace TensorBridge.GpuBenchmark;

/// <summary>Compares a copy on the device, byte by byte, with the host's copy of the same source.</summary>
internal sealed class Check(CudaBridge bridge, AcceleratorStream stream) : IDisposable
{
    private TensorHandle? _source;
    private TensorHandle? _expected;
    private TensorHandle? _actual;

    /// <summary>Fills a source block, runs the copy, and answers whether the whole destination block is as it must be.</summary>
    public bool Run(BenchmarkCase each, TensorHandle sourceBlock, TensorHandle destinationBlock, Action copy)
    {
        using TensorHandle source = Part(ref _source, each.SourceBytes, Randomize);
        using TensorHandle expected = Part(ref _expected, each.DestinationBytes);
        using TensorHandle actual = Part(ref _actual, each.DestinationBytes);
        bridge.Copy(source, sourceBlock, stream);
        bridge.Fill(destinationBlock, (byte)0xA5, stream);
        copy();
        bridge.Copy(destinationBlock, actual, stream);
        stream.Synchronize();
        using TensorHandle from = Blocks.View(source, each.SourceOffset, each.SourceType, each.Source);
        using TensorHandle to = Blocks.View(expected, 0, each.DestinationType, each.Destination);
        TensorCopy.Copy(from, to, CopyOptions.Default with { Casting = CastingRule.Unsafe });
        return AreEqual(expected, actual);
    }

    public void Dispose()
    {
        _source?.Dispose();
        _expected?.Dispose();
        _actual?.Dispose();
    }

    // The first bytes of a block that is kept for the cases to come.
    private static TensorHandle Part(ref TensorHandle? block, long bytes, Action<TensorHandle>? fill = null)
    {
        if (block is null || block.ElementCount < bytes)
        {
            block?.Dispose();
            block = TensorAllocator.Shared.Allocate(DType.UInt8, [bytes]);
            fill?.Invoke(block);
        }

        return Blocks.View(block, 0, DType.UInt8, Layout.Contiguous([bytes], 1));
    }

    /// <summary>Finite small numbers in every float type: a NaN's bits are not defined after a conversion.</summary>
    private static unsafe void Randomize(TensorHandle block)
    {
        byte* at = (byte*)block.Data;
        uint state = 12345;
        for (long i = 0; i < block.ElementCount; i++)
        {
            state = (state * 1664525) + 1013904223;
            at[i] = (byte)((state >> 24) & 0x3B);
        }
    }

    private static unsafe bool AreEqual(TensorHandle first, TensorHandle second)
    {
        const int Piece = 1 << 30;
        for (long at = 0; at < first.ElementCount; at += Piece)
        {
            int length = (int)Math.Min(Piece, first.ElementCount - at);
            if (!new ReadOnlySpan<byte>((byte*)first.Data + at, length).SequenceEqual(new ReadOnlySpan<byte>((byte*)second.Data + at, length)))
                return false;
        }

        return true;
    }
}
