using TensorBridge.Copying;

namespace TensorBridge;

/// <summary>Writes the data of a .npy file in pieces of a few megabytes.</summary>
internal static unsafe class NpyWriter
{
    private const int StreamPiece = 8 << 20;
    private const int MappedPiece = 16 << 20;

    /// <summary>Writes header and data to a stream, which may be a pipe.</summary>
    public static void Write(Stream stream, TensorDescriptor source, NpyTarget target, CopyOptions options)
    {
        stream.Write(target.Header);
        if (target.Layout.PayloadBytes == 0)
            return;
        if (target.IsCopyOf(source))
            WriteBytes(stream, (byte*)source.Data, target.Layout.PayloadBytes, options);
        else
            WriteConverted(stream, source, target, options);
    }

    /// <summary>Copies into a mapped file, tile by tile: both files may be larger than memory.</summary>
    public static void Copy(TensorDescriptor source, TensorDescriptor destination, CopyOptions options)
    {
        if (destination.ByteLength == 0)
            return;
        CopyOptions inner = options with { Progress = null };
        long done = 0;
        BlockWalk.Run(destination.Shape, SharedWeights(source.Layout, destination.Layout), MappedPiece / destination.DType.ItemSize, (start, lengths) =>
        {
            TensorDescriptor part = BlockWalk.Part(destination, start, lengths);
            HostCopy.Run(BlockWalk.Part(source, start, lengths), part, inner);
            done += part.ByteLength;
            options.Progress?.Invoke(done, destination.ByteLength);
        });
    }

    private static void WriteBytes(Stream stream, byte* data, long length, CopyOptions options)
    {
        for (long done = 0; done < length;)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var piece = (int)Math.Min(StreamPiece, length - done);
            stream.Write(new ReadOnlySpan<byte>(data + done, piece));
            done += piece;
            options.Progress?.Invoke(done, length);
        }
    }

    // Boxes in the order of the file, each converted into dense memory and written.
    private static void WriteConverted(Stream stream, TensorDescriptor source, NpyTarget target, CopyOptions options)
    {
        double[] weights = [.. target.Layout.ByteStrides.ToArray().Select(stride => (double)stride)];
        long items = Math.Clamp(StreamPiece / target.Type.ItemSize, 1, target.Layout.ElementCount);
        using TensorHandle scratch = TensorAllocator.Shared.Allocate(target.Type, [items]);
        CopyOptions inner = options with { Progress = null };
        long done = 0;
        BlockWalk.Run(target.Layout.Shape, weights, items, (start, lengths) =>
        {
            Layout dense = Layout.Contiguous(lengths, target.Type.ItemSize, target.Order);
            var bytes = new Span<byte>((void*)scratch.Data, (int)dense.PayloadBytes);
            // Padding of records is not copied: what lay in the scratch before must not reach the file.
            if (target.Type.IsRecord)
                bytes.Clear();
            HostCopy.Run(BlockWalk.Part(source, start, lengths), scratch.Descriptor.With(layout: dense), inner);
            stream.Write(bytes);
            done += bytes.Length;
            options.Progress?.Invoke(done, target.Layout.PayloadBytes);
        });
    }

    private static double[] SharedWeights(Layout source, Layout destination)
    {
        var weights = new double[destination.Rank];
        for (int axis = 0; axis < weights.Length; axis++)
            weights[axis] = Math.Abs((double)source.ByteStrides[axis]) + destination.ByteStrides[axis];
        return weights;
    }
}
