namespace TensorBridge.Accelerators.Cuda;

/// <summary>Which side of a copy gives the order of the axes.</summary>
internal enum CopySide
{
    Source,
    Target,
}

/// <summary>
/// A copy in its simplest form: words of a power of two, as few axes as possible, outermost first, none of length 1,
/// and no negative stride on the side that gives the order.
/// </summary>
internal sealed class CopyGeometry
{
    private readonly List<Axis> _axes = [];

    private CopyGeometry(nuint source, nuint target, int wordSize)
    {
        Source = source;
        Target = target;
        WordSize = wordSize;
    }

    /// <summary>Address of the first word that is read.</summary>
    public nuint Source { get; private set; }

    /// <summary>Address of the first word that is written.</summary>
    public nuint Target { get; private set; }

    /// <summary>Bytes of a word: 1, 2, 4, 8 or 16. Addresses and strides are multiples of it.</summary>
    public int WordSize { get; }

    /// <summary>The axes, outermost first; none for a single word.</summary>
    public IReadOnlyList<Axis> Axes => _axes;

    /// <summary>Bytes that move.</summary>
    public long Bytes => _axes.Aggregate((long)WordSize, (bytes, axis) => bytes * axis.Length);

    /// <summary>Both sides are one stretch of memory in the same order.</summary>
    public bool IsLinear => IsDense(CopySide.Source) && IsDense(CopySide.Target);

    /// <param name="source">What is read; same shape and item size as the target.</param>
    /// <param name="target">What is written.</param>
    /// <param name="order">The side whose order in memory the axes take.</param>
    /// <param name="chunk">The largest item that may stay whole; larger ones become an axis of words.</param>
    public static CopyGeometry Create(TensorDescriptor source, TensorDescriptor target, CopySide order, int chunk = 16)
    {
        int word = WordOf(source, target, Math.Min(chunk, 16));
        var geometry = new CopyGeometry(source.Data, target.Data, word);
        int item = source.Layout.ItemSize;
        for (int axis = 0; axis < source.Layout.Rank; axis++)
            geometry.Add(source.Shape[axis], source.Layout.ByteStrides[axis], target.Layout.ByteStrides[axis]);
        geometry.Add(item / word, word, word);
        geometry.Flip(order);
        geometry._axes.Sort((first, second) => second.CompareTo(first, order));
        geometry.Fuse();
        return geometry;
    }

    /// <summary>True when the words of one side follow each other without gaps in the order of the axes.</summary>
    public bool IsDense(CopySide side)
    {
        long expected = WordSize;
        for (int i = _axes.Count - 1; i >= 0; i--)
        {
            if (_axes[i].Stride(side) != expected)
                return false;
            expected *= _axes[i].Length;
        }

        return true;
    }

    // The largest word that divides the item and every address and stride: kernels load it in one access.
    private static int WordOf(TensorDescriptor source, TensorDescriptor target, int limit)
    {
        long bits = (long)(source.Data | target.Data) | (uint)source.Layout.ItemSize | (uint)limit;
        for (int axis = 0; axis < source.Layout.Rank; axis++)
            if (source.Shape[axis] > 1)
                bits |= source.Layout.ByteStrides[axis] | target.Layout.ByteStrides[axis];
        return (int)(bits & -bits);
    }

    private void Add(long length, long source, long target)
    {
        if (length != 1)
            _axes.Add(new Axis(length, source, target));
    }

    private void Flip(CopySide order)
    {
        for (int i = 0; i < _axes.Count; i++)
        {
            Axis axis = _axes[i];
            if (axis.Stride(order) >= 0)
                continue;
            Source = unchecked(Source + (nuint)((axis.Length - 1) * axis.Source));
            Target = unchecked(Target + (nuint)((axis.Length - 1) * axis.Target));
            _axes[i] = new Axis(axis.Length, -axis.Source, -axis.Target);
        }
    }

    private void Fuse()
    {
        for (int i = _axes.Count - 2; i >= 0; i--)
        {
            Axis outer = _axes[i], inner = _axes[i + 1];
            if (outer.Source != inner.Source * inner.Length || outer.Target != inner.Target * inner.Length)
                continue;
            _axes[i] = new Axis(outer.Length * inner.Length, inner.Source, inner.Target);
            _axes.RemoveAt(i + 1);
        }
    }

    /// <summary>One axis: its length, and bytes between neighbours on either side.</summary>
    internal readonly record struct Axis(long Length, long Source, long Target)
    {
        public long Stride(CopySide side) => side == CopySide.Source ? Source : Target;

        public int CompareTo(Axis other, CopySide order)
        {
            CopySide second = order == CopySide.Source ? CopySide.Target : CopySide.Source;
            int first = Stride(order).CompareTo(other.Stride(order));
            return first != 0 ? first : Math.Abs(Stride(second)).CompareTo(Math.Abs(other.Stride(second)));
        }
    }
}
