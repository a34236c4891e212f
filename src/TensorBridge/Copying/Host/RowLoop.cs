using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorBridge.Copying.Host;

/// <summary>Executes a nest row by row along axis 0.</summary>
internal static unsafe class RowLoop
{
    /// <summary>Rows that their kernel cannot stream itself are made here first, in the first-level cache, and then streamed.</summary>
    private const int StagingBytes = 4096;

    /// <summary>Masked stores of partial lines are twice as fast as words within the second-level cache, and half as fast beyond it (measured).</summary>
    private const nint MostMasked = 1 << 20;

    private enum RowKind
    {
        Copy,
        Swap,
        Fill,
        Reverse,
        Gather,
        Scatter,
        Words,
    }

    /// <summary>Executes the nest.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in HostNest nest, byte* destination, byte* source)
    {
        HostAxis inner = nest.Axes[0];
        HostAxis rows = nest.Rank > 1 ? nest.Axes[1] : new HostAxis(1, 0, 0);
        RowKind kind = Choose(nest, inner);
        int outer = int.Max(nest.Rank - 2, 0);
        nint* positions = stackalloc nint[outer + 1];
        new Span<nint>(positions, outer).Clear();
        var walk = new Odometer(nest.Axes + 2, outer, positions, destination, source);
        do
            RunRows(nest, kind, inner, rows, walk.Destination, walk.Source);
        while (walk.Next());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static RowKind Choose(in HostNest nest, in HostAxis inner)
    {
        int word = nest.Word;
        if (inner.Destination != word)
            return inner.Source == word && !nest.Swap && IsStep(inner.Destination, word) && Reach(nest) <= MostMasked ? RowKind.Scatter : RowKind.Words;
        if (inner.Source == word)
            return nest.Swap ? RowKind.Swap : RowKind.Copy;
        if (inner.Source == 0)
            return RowKind.Fill;
        if (inner.Source == -word)
            return RowKind.Reverse;
        return IsStep(inner.Source, word) && !nest.Swap ? RowKind.Gather : RowKind.Words;
    }

    /// <summary>Bytes of the destination between the words written, gaps of the inner axis included.</summary>
    private static nint Reach(in HostNest nest)
    {
        nint reach = nest.Axes[0].Destination;
        for (int i = 0; i < nest.Rank; i++)
            reach *= nest.Axes[i].Extent;
        return reach;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsStep(nint stride, int word) => stride % word == 0 && ChannelKernels.CanSplit(stride / word, word);

    private static void RunRows(in HostNest nest, RowKind kind, in HostAxis inner, in HostAxis rows, byte* destination, byte* source)
    {
        if (kind == RowKind.Copy)
        {
            nest.Kernels.Rows.CopyRows(destination, rows.Destination, source, rows.Source, inner.Extent * nest.Word, rows.Extent, nest.Stream);
            return;
        }
        if (kind == RowKind.Fill)
        {
            nest.Kernels.Rows.FillRows(destination, rows.Destination, source, rows.Source, nest.Word, nest.Swap, inner.Extent * nest.Word, rows.Extent, nest.Stream);
            return;
        }
        if (kind == RowKind.Gather)
        {
            nest.Kernels.Channels.Gather(destination, rows.Destination, source, rows.Source, (int)(inner.Source / nest.Word), inner.Extent, rows.Extent, nest.Word, nest.Stream);
            return;
        }
        for (nint i = 0; i < rows.Extent; i++, destination += rows.Destination, source += rows.Source)
            RunRow(nest, kind, inner, destination, source);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunRow(in HostNest nest, RowKind kind, in HostAxis inner, byte* destination, byte* source)
    {
        int word = nest.Word;
        nint bytes = inner.Extent * word;
        switch (kind)
        {
            case RowKind.Swap:
                nest.Kernels.Rows.ShuffleRow(destination, source, bytes, word, ByteOrders.Swap(word), nest.Stream);
                break;
            case RowKind.Reverse:
                nest.Kernels.Rows.ReverseRow(destination, source - bytes + word, bytes, word, ByteOrders.Reverse(word, nest.Swap), nest.Stream);
                break;
            case RowKind.Scatter:
                nest.Kernels.Channels.Scatter(destination, (int)(inner.Destination / word), source, inner.Extent, word);
                break;
            default:
                RunWords(nest, inner, destination, source);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunWords(in HostNest nest, in HostAxis inner, byte* destination, byte* source)
    {
        if (nest.Stream && inner.Destination == nest.Word && inner.Extent * nest.Word >= 1024)
            StageWords(nest, inner, destination, source);
        else if (nest.Swap)
            WordLoop.Swap(nest.Word, destination, inner.Destination, source, inner.Source, inner.Extent);
        else
            WordLoop.Copy(nest.Word, destination, inner.Destination, source, inner.Source, inner.Extent);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StageWords(in HostNest nest, in HostAxis inner, byte* destination, byte* source)
    {
        byte* staging = stackalloc byte[StagingBytes];
        nint most = StagingBytes / nest.Word;
        for (nint done = 0; done < inner.Extent; done += most)
        {
            nint count = nint.Min(most, inner.Extent - done);
            WordLoop.Copy(nest.Word, staging, nest.Word, source + (done * inner.Source), inner.Source, count);
            Emit(nest, destination + (done * nest.Word), staging, count * nest.Word);
        }
    }

    /// <summary>Moves staged words to a run of the destination, swapped and streamed as the nest asks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Emit(in HostNest nest, byte* destination, byte* staged, nint bytes)
    {
        if (nest.Swap)
            nest.Kernels.Rows.ShuffleRow(destination, staged, bytes, nest.Word, ByteOrders.Swap(nest.Word), nest.Stream);
        else
            nest.Kernels.Rows.CopyRows(destination, 0, staged, 0, bytes, 1, nest.Stream);
    }
}
