using System.Globalization;
using System.Text;

namespace TensorBridge.Copying;

/// <summary>How one copy will be executed: axes dropped, flipped, sorted, fused and widened to words, and the kernel family chosen.</summary>
/// <remarks>
/// <para>Immutable and independent of the addresses, so one plan serves every pair of buffers with the same layouts.
/// Axis 0 is the innermost: the smallest destination stride. Destination strides are positive; source strides have any sign.</para>
/// <code>
/// address of word (i0, i1, …) = base + offset + i0 * stride[0] + i1 * stride[1] + …      strides and offsets in bytes
/// </code>
/// <para>Words are 1, 2, 4, 8 or 16 bytes. A plan that moves something has at least one axis. Host plans place no demand on alignment;
/// plans for devices are made for the alignment of the two addresses (<see cref="IsAligned"/>).</para>
/// </remarks>
public sealed class Plan
{
    private readonly long[] _geometry;
    private readonly PlanKey _key;

    internal Plan(PlanKey key, in PlanShape shape, ReadOnlySpan<long> geometry)
    {
        _key = key;
        _geometry = geometry.ToArray();
        Op = key.Op;
        Path = shape.Path;
        Rank = shape.Rank;
        SourceWordSize = shape.SourceWord;
        WordSize = shape.DestinationWord;
        SourceOffset = shape.SourceOffset;
        DestinationOffset = shape.DestinationOffset;
        TileAxis = shape.TileAxis;
        ElementCount = shape.Items;
        Bytes = CountBytes();
        WholeBytes = Math.Max(shape.WholeBytes, Bytes);
        IsDestinationNested = shape.IsNested;
        IsAligned = shape.IsAligned;
    }

    /// <summary>What is done to each item.</summary>
    public CopyOp Op { get; }

    /// <summary>The kernel family.</summary>
    public CopyPath Path { get; }

    /// <summary>Bytes of a destination word: 1, 2, 4, 8 or 16. The item size in casts, the component in byte swaps.</summary>
    public int WordSize { get; }

    /// <summary>Bytes of a source word; differs from <see cref="WordSize"/> in casts only.</summary>
    public int SourceWordSize { get; }

    /// <summary>Number of axes left, 0 only for <see cref="CopyPath.Nothing"/>.</summary>
    public int Rank { get; }

    /// <summary>Words along each axis, innermost first.</summary>
    public ReadOnlySpan<long> Extents => _geometry.AsSpan(0, Rank);

    /// <summary>Source strides in bytes, of any sign; zero where the source is broadcast.</summary>
    public ReadOnlySpan<long> SourceStrides => _geometry.AsSpan(Rank, Rank);

    /// <summary>Destination strides in bytes, positive and ascending.</summary>
    public ReadOnlySpan<long> DestinationStrides => _geometry.AsSpan(2 * Rank, Rank);

    /// <summary>Bytes to add to the given source address (flipped axes start at their other end).</summary>
    public long SourceOffset { get; }

    /// <summary>Bytes to add to the given destination address.</summary>
    public long DestinationOffset { get; }

    /// <summary>The axis that is unit in the source, for <see cref="CopyPath.Tile"/>, <see cref="CopyPath.TileN"/> and <see cref="CopyPath.Unpack"/>; else -1.</summary>
    public int TileAxis { get; }

    /// <summary>Items moved, in the caller's items (not words).</summary>
    public long ElementCount { get; }

    /// <summary>Bytes written.</summary>
    public long Bytes { get; }

    /// <summary>True when every access of the plan's words is aligned to the word; always true of host plans that were not asked.</summary>
    public bool IsAligned { get; }

    /// <summary>Share of the rate of a memcpy of the same bytes that the host engine is expected to reach, single-threaded and with a touched destination.</summary>
    public double ExpectedMemcpyFraction => PlanEstimate.HostFraction(this);

    /// <summary>Share of a device memcpy's rate that 32-byte memory sectors allow for this plan.</summary>
    public double SectorRoof => PlanEstimate.SectorRoof(this);

    /// <summary>Bytes of the whole copy that this plan is a slice of: engines choose streaming stores by it, not by the slice.</summary>
    internal long WholeBytes { get; }

    /// <summary>True when sorted destination strides show at a glance that no two items share a byte; false means that nobody has looked closely.</summary>
    internal bool IsDestinationNested { get; }

    /// <summary>Bytes from the first source word (after <see cref="SourceOffset"/>) down to the lowest byte read: zero or negative.</summary>
    public long SourceLow => Reach(SourceStrides, lowest: true);

    /// <summary>Bytes from the first source word to the end of the highest one read.</summary>
    public long SourceHigh => Reach(SourceStrides, lowest: false) + SourceWordSize;

    /// <summary>Bytes from the first destination word, which is the lowest, to the end of the last one.</summary>
    public long DestinationHigh => Reach(DestinationStrides, lowest: false) + WordSize;

    /// <summary>True when the word count and both spans, in words, are below 2^31: kernels may index with 32 bits.</summary>
    public bool FitsInt32 =>
        Bytes / WordSize <= int.MaxValue && (SourceHigh - SourceLow) / SourceWordSize <= int.MaxValue && DestinationHigh / WordSize <= int.MaxValue;

    internal PlanKey Key => _key;

    /// <summary>What device engines keep beside the plan: loaded kernels with their parameters. A cached copy finds them without a look-up.</summary>
    internal object? DevicePlans;

    /// <summary>A plan for part of this one: <paramref name="count"/> words from <paramref name="start"/> along <paramref name="axis"/>; everything else as here.</summary>
    /// <remarks>Threads, progress reports and devices with 32-bit indices work on slices.</remarks>
    internal Plan Slice(int axis, long start, long count)
    {
        long[] geometry = (long[])_geometry.Clone();
        geometry[axis] = count;
        var shape = new PlanShape
        {
            Path = Path,
            Rank = Rank,
            SourceWord = SourceWordSize,
            DestinationWord = WordSize,
            SourceOffset = SourceOffset + (start * SourceStrides[axis]),
            DestinationOffset = DestinationOffset + (start * DestinationStrides[axis]),
            TileAxis = TileAxis,
            Items = Math.Max(1, (long)((Int128)ElementCount * count / Extents[axis])),
            IsAligned = IsAligned,
            IsNested = IsDestinationNested,
            WholeBytes = WholeBytes,
        };
        return new Plan(_key, shape, geometry);
    }

    private long Reach(ReadOnlySpan<long> strides, bool lowest)
    {
        long reach = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            if (strides[axis] < 0 == lowest)
                reach += (Extents[axis] - 1) * strides[axis];
        }
        return reach;
    }

    private long CountBytes()
    {
        long words = Path == CopyPath.Nothing ? 0 : 1;
        foreach (long extent in Extents)
            words *= extent;
        return words * WordSize;
    }

    /// <summary>One line: operation, path, word and axes.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Op}: {Path}, {WordSize}-byte words, extents (");
        text.AppendJoin(", ", Extents.ToArray()).Append("), source (").AppendJoin(", ", SourceStrides.ToArray());
        text.Append("), destination (").AppendJoin(", ", DestinationStrides.ToArray()).Append(')');
        if (TileAxis >= 0)
            text.Append(CultureInfo.InvariantCulture, $", source unit on axis {TileAxis}");
        return text.ToString();
    }

    /// <summary>Several lines for people: what moves, along which axes, by which kernel family and how fast that should be.</summary>
    public string Explain()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Op}: {ElementCount} items, {Bytes} bytes");
        if (Path == CopyPath.Nothing)
            return text.Append("path Nothing: an extent is zero").ToString();
        text.Append(CultureInfo.InvariantCulture, $"path {Path}: {PlanEstimate.Describe(this)}; {WordSize}-byte words");
        text.AppendLine(SourceWordSize == WordSize ? "" : string.Create(CultureInfo.InvariantCulture, $" from {SourceWordSize}-byte words"));
        for (int axis = 0; axis < Rank; axis++)
            text.AppendLine(CultureInfo.InvariantCulture, $"  axis {axis}: {Extents[axis]} words, source stride {SourceStrides[axis]}, destination stride {DestinationStrides[axis]}");
        text.Append(CultureInfo.InvariantCulture, $"expected {ExpectedMemcpyFraction:0.00} of memcpy on the host; 32-byte sectors allow {SectorRoof:0.00} on a device");
        return text.ToString();
    }
}
