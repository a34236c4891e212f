using System.Runtime.CompilerServices;
using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>Casts whose source has runs: each run of a block is converted into a buffer in the second-level cache, and the host engine places the block.</summary>
/// <remarks>
/// <code>
/// source runs -> converted block in the source's order of axes -> destination (any strides, a transpose by tiles)
/// </code>
/// Axes along which the source is broadcast are converted once and repeated by the placing copy.
/// </remarks>
internal readonly unsafe ref struct ConvertedRuns
{
    private const int BlockBytes = 64 * 1024;
    private const int RunBytes = 1024;
    private const int Line = 64;

    private readonly Plan _plan;
    private readonly CastKernel _kernel;
    private readonly CopyOp _place;
    private readonly int _unit;
    private readonly bool _stream;

    /// <summary>For a plan whose axis <paramref name="unit"/> has the source stride of one word, of either sign.</summary>
    public ConvertedRuns(Plan plan, CastKernel kernel, int unit)
    {
        _plan = plan;
        _kernel = kernel;
        _unit = unit;
        _place = CopyOp.Copy(plan.WordSize);
        _stream = plan.WholeBytes >= HostEngine.StreamThreshold;
    }

    /// <summary>The axis along which the source has runs worth converting on their own, or -1.</summary>
    public static int FindUnit(Plan plan)
    {
        for (int axis = 0; axis < plan.Rank; axis++)
        {
            if (Math.Abs(plan.SourceStrides[axis]) == plan.SourceWordSize)
                return RunLength(plan, axis) >= 16 ? axis : -1;
        }
        return -1;
    }

    [SkipLocalsInit]
    public void Execute(byte* source, byte* destination)
    {
        byte* memory = stackalloc byte[BlockBytes + Line];
        byte* buffer = (byte*)(((nuint)memory + (Line - 1)) & ~(nuint)(Line - 1));
        int rank = _plan.Rank;
        Span<int> order = stackalloc int[rank];
        Span<long> block = stackalloc long[rank];
        Span<long> start = stackalloc long[rank];
        Span<long> extents = stackalloc long[rank];
        Span<long> strides = stackalloc long[rank];
        SourceOrder(_plan, order);
        ChooseBlock(block, order);
        start.Clear();
        do
        {
            byte* from = source;
            byte* to = destination;
            for (int axis = 0; axis < rank; axis++)
            {
                extents[axis] = Math.Min(block[axis], _plan.Extents[axis] - start[axis]);
                from += start[axis] * _plan.SourceStrides[axis];
                to += start[axis] * _plan.DestinationStrides[axis];
            }
            Block(from, to, buffer, order, extents, strides);
        }
        while (BlockWalk.Next(start, block, _plan.Extents));
    }

    private void Block(byte* source, byte* destination, byte* buffer, ReadOnlySpan<int> order, ReadOnlySpan<long> extents, Span<long> strides)
    {
        long dense = _plan.WordSize;
        int runAxes = 0;
        long run = 1;
        byte* first = buffer;
        for (int i = 0; i < order.Length; i++)
        {
            int axis = order[i];
            long stride = _plan.SourceStrides[axis];
            strides[axis] = Math.Sign(stride) * dense;
            if (stride == 0)
                continue;
            if (runAxes == i && Math.Abs(stride) == run * _plan.SourceWordSize)
            {
                run *= extents[axis];
                runAxes++;
            }
            if (stride < 0)
            {
                // The buffer is filled from the lowest address up, like the source.
                source += (extents[axis] - 1) * stride;
                first += (extents[axis] - 1) * dense;
            }
            dense *= extents[axis];
        }
        byte* next = buffer;
        ConvertRuns(source, ref next, order[runAxes..], extents, order.Length - runAxes - 1, (nint)run);
        HostEngine.Execute(HostKernels.Current, Planner.GetOrCreate(_place, extents, strides, _plan.DestinationStrides), first, destination, _stream, 1, null);
    }

    /// <summary>All runs of the block, outermost axis first.</summary>
    private void ConvertRuns(byte* source, ref byte* next, ReadOnlySpan<int> axes, ReadOnlySpan<long> extents, int at, nint run)
    {
        if (at < 0)
        {
            _kernel.Convert(source, next, run);
            next += run * _plan.WordSize;
            return;
        }
        long stride = Math.Abs(_plan.SourceStrides[axes[at]]);
        long count = stride == 0 ? 1 : extents[axes[at]];
        for (long i = 0; i < count; i++)
            ConvertRuns(source + (i * stride), ref next, axes, extents, at - 1, run);
    }

    /// <summary>Axes by absolute source stride; broadcast ones last.</summary>
    private static void SourceOrder(Plan plan, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            ulong key = Key(plan, i);
            int at = i;
            for (; at > 0 && Key(plan, order[at - 1]) > key; at--)
                order[at] = order[at - 1];
            order[at] = i;
        }
    }

    private static ulong Key(Plan plan, int axis) => unchecked((ulong)Math.Abs(plan.SourceStrides[axis]) - 1);

    /// <summary>Words that lie side by side in the source, from the unit axis on.</summary>
    private static long RunLength(Plan plan, int unit)
    {
        Span<int> order = stackalloc int[plan.Rank];
        SourceOrder(plan, order);
        long run = plan.Extents[unit];
        for (int i = 1; i < order.Length && Math.Abs(plan.SourceStrides[order[i]]) == run * plan.SourceWordSize; i++)
            run *= plan.Extents[order[i]];
        return run;
    }

    /// <summary>A kilobyte along the source's runs, then as many destination lines as fit, then whatever is next in the destination.</summary>
    private void ChooseBlock(Span<long> block, ReadOnlySpan<int> order)
    {
        block.Fill(1);
        long room = BlockBytes / _plan.WordSize;
        Take(block, _unit, Math.Min(room, Math.Max(Line, RunBytes / _plan.SourceWordSize)), ref room);
        if (_unit != 0)
            Take(block, 0, room, ref room);
        // Short runs grow with the source, so that they stay runs.
        for (int i = 1; i < order.Length && block[order[i - 1]] == _plan.Extents[order[i - 1]]; i++)
            Take(block, order[i], room, ref room);
        for (int axis = 1; axis < block.Length; axis++)
            Take(block, axis, room, ref room);
    }

    /// <summary>Gives an axis up to <paramref name="most"/> words, whole destination lines of them if it is cut.</summary>
    private void Take(Span<long> block, int axis, long most, ref long room)
    {
        if (block[axis] > 1 || most < 2)
            return;
        long words = Line / _plan.WordSize;
        long count = Math.Min(_plan.Extents[axis], most);
        if (count < _plan.Extents[axis] && count > words)
            count -= count % words;
        block[axis] = count;
        room /= count;
    }
}
