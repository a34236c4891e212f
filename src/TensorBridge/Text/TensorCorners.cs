namespace TensorBridge;

/// <summary>The part of a tensor that its text shows: everything, or the first and last positions of each long axis.</summary>
internal sealed class TensorCorners
{
    /// <summary>Tensors with more elements than this are summarised, as in NumPy.</summary>
    public const int Threshold = 1000;

    private const int MaxElements = 10_000;
    private const int MaxBytes = 1 << 20;

    private readonly TensorDescriptor _source;
    private readonly byte[] _bytes;

    private TensorCorners(TensorDescriptor source, long[] shape, int edge, byte[] bytes)
    {
        _source = source;
        Shape = shape;
        Edge = edge;
        _bytes = bytes;
    }

    /// <summary>Lengths of the shown part.</summary>
    public long[] Shape { get; }

    /// <summary>How many positions are shown at either end of a summarised axis; 0 when nothing is summarised.</summary>
    public int Edge { get; }

    /// <summary>True when an axis shows only its ends.</summary>
    public bool IsSummarized(int axis) => Edge > 0 && _source.Shape[axis] > 2 * Edge;

    /// <summary>The bytes of the shown element at a position in C order of <see cref="Shape"/>.</summary>
    public ReadOnlySpan<byte> Item(long position) => _bytes.AsSpan(checked((int)(position * _source.DType.ItemSize)), _source.DType.ItemSize);

    /// <summary>Reads the shown part; null when even three, two or one positions per end are too many.</summary>
    public static TensorCorners? Read(TensorDescriptor source, TensorReader reader)
    {
        bool summarize = source.Layout.ElementCount > Threshold;
        for (int edge = summarize ? 3 : 0; edge >= (summarize ? 1 : 0); edge--)
        {
            long[] shape = [.. source.Shape.ToArray().Select(length => edge > 0 && length > 2 * edge ? 2 * edge : length)];
            Int128 count = shape.Aggregate(Int128.One, (a, b) => a > MaxElements ? a : a * b);
            if (count > MaxElements || count * source.DType.ItemSize > MaxBytes)
                continue;
            var corners = new TensorCorners(source, shape, edge, new byte[(int)count * source.DType.ItemSize]);
            corners.ReadBlocks(reader);
            return corners;
        }

        return null;
    }

    // Every combination of "first positions" and "last positions" of the summarised axes is one strided block.
    private void ReadBlocks(TensorReader reader)
    {
        int[] split = [.. Enumerable.Range(0, Shape.Length).Where(IsSummarized)];
        for (int combination = 0; combination < 1 << split.Length; combination++)
        {
            long[] from = new long[Shape.Length];
            long[] target = new long[Shape.Length];
            long[] lengths = [.. Shape];
            for (int i = 0; i < split.Length; i++)
            {
                int axis = split[i];
                lengths[axis] = Edge;
                if ((combination & (1 << i)) != 0)
                {
                    from[axis] = _source.Shape[axis] - Edge;
                    target[axis] = Edge;
                }
            }

            ReadBlock(reader, from, target, lengths);
        }
    }

    private void ReadBlock(TensorReader reader, long[] from, long[] target, long[] lengths)
    {
        Layout layout = _source.Layout;
        int itemSize = layout.ItemSize;
        var block = new Layout(lengths, layout.ByteStrides, itemSize);
        if (block.ElementCount == 0 || itemSize == 0)
            return;
        long offset = layout.OffsetOf(from);
        byte[] bytes = new byte[block.PayloadBytes];
        reader(_source.With(data: unchecked((nuint)((long)_source.Data + offset)), layout: block), bytes);
        long[] index = new long[lengths.Length];
        for (long position = 0; position < block.ElementCount; position++)
        {
            long place = 0;
            for (int axis = 0; axis < index.Length; axis++)
                place = (place * Shape[axis]) + target[axis] + index[axis];
            bytes.AsSpan((int)(position * itemSize), itemSize).CopyTo(_bytes.AsSpan((int)(place * itemSize)));
            for (int axis = index.Length - 1; axis >= 0 && ++index[axis] == lengths[axis]; axis--)
                index[axis] = 0;
        }
    }
}
