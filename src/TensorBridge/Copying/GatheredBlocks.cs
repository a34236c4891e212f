using System.Runtime.CompilerServices;
using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>Casts without runs in the source, in blocks of a few kilobytes: gather, convert, scatter. Either copy is left out where that side's block is dense already.</summary>
/// <remarks>
/// <code>
/// source (any strides) -> packed block, axis 0 innermost -> converted block -> destination (any strides)
/// </code>
/// </remarks>
internal readonly unsafe ref struct GatheredBlocks
{
    private const int BlockBytes = 16 * 1024;
    private const int Slack = 64;

    private readonly Plan _plan;
    private readonly CastKernel _kernel;
    private readonly CopyOp _gather;
    private readonly CopyOp _scatter;

    public GatheredBlocks(Plan plan, CastKernel kernel)
    {
        _plan = plan;
        _kernel = kernel;
        _gather = CopyOp.Copy(plan.SourceWordSize);
        _scatter = CopyOp.Copy(plan.WordSize);
    }

    [SkipLocalsInit]
    public void Execute(byte* source, byte* destination)
    {
        byte* memory = stackalloc byte[(2 * BlockBytes) + Slack];
        byte* packed = (byte*)(((nuint)memory + (Slack - 1)) & ~(nuint)(Slack - 1));
        byte* converted = packed + BlockBytes;
        int rank = _plan.Rank;
        Span<long> block = stackalloc long[rank];
        Span<long> start = stackalloc long[rank];
        Span<long> extents = stackalloc long[rank];
        Span<long> strides = stackalloc long[rank];
        ChooseBlock(block);
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
            Block(from, to, packed, converted, extents, strides);
        }
        while (BlockWalk.Next(start, block, _plan.Extents));
    }

    private void Block(byte* source, byte* destination, byte* packed, byte* converted, ReadOnlySpan<long> extents, Span<long> strides)
    {
        long items = Pack(extents, strides, _plan.SourceWordSize);
        if (IsDense(extents, strides, _plan.SourceStrides))
            packed = source;
        else
            HostEngine.Execute(Planner.GetOrCreate(_gather, extents, _plan.SourceStrides, strides), source, packed);
        Pack(extents, strides, _plan.WordSize);
        if (IsDense(extents, strides, _plan.DestinationStrides))
        {
            _kernel.Convert(packed, destination, (nint)items);
            return;
        }
        _kernel.Convert(packed, converted, (nint)items);
        HostEngine.Execute(Planner.GetOrCreate(_scatter, extents, strides, _plan.DestinationStrides), converted, destination);
    }

    /// <summary>Dense strides for the block, axis 0 innermost; returns its items.</summary>
    private static long Pack(ReadOnlySpan<long> extents, Span<long> strides, int word)
    {
        long items = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            strides[axis] = items * word;
            items *= extents[axis];
        }
        return items;
    }

    private static bool IsDense(ReadOnlySpan<long> extents, ReadOnlySpan<long> dense, ReadOnlySpan<long> strides)
    {
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] > 1 && strides[axis] != dense[axis])
                return false;
        }
        return true;
    }

    private void ChooseBlock(Span<long> block)
    {
        block.Fill(1);
        long room = BlockBytes / Math.Max(_plan.SourceWordSize, _plan.WordSize);
        for (int axis = 0; axis < block.Length && room > 1; axis++)
        {
            block[axis] = Math.Min(_plan.Extents[axis], room);
            room /= block[axis];
        }
    }
}
