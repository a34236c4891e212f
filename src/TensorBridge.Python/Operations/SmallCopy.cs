using System.Runtime.CompilerServices;
using TensorBridge.Copying;
using TensorBridge.Interop;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Copies of a few kilobytes in host memory, straight from what the native side wrote: no handles, no options, nothing allocated.</summary>
/// <remarks>It takes what is certainly right and leaves all the rest, errors too, to <see cref="CopyOperations"/>.</remarks>
internal static unsafe class SmallCopy
{
    private const int MostAxes = 8;

    /// <summary>Most bytes on either side: a copy this size takes microseconds, too short to be interrupted or shared out.</summary>
    private const long MostBytes = 64 << 10;

    /// <summary>Copies with casting rule <c>same_kind</c>; false, with nothing done, if the copy does not belong here.</summary>
    [SkipLocalsInit]
    public static bool TryRun(in RawTensor source, in RawTensor destination)
    {
        if (!IsPlain(source) || !IsPlain(destination) || (destination.Flags & RawTensorFlags.ReadOnly) != 0 || source.Rank > destination.Rank)
            return false;
        DType from = DTypeTable.Get(source.DTypeId);
        DType to = DTypeTable.Get(destination.DTypeId);
        long* strides = stackalloc long[MostAxes];
        if (!TryBroadcast(source, destination, strides) || !AreApart(source, destination) || !IsSimple(from, to, out CopyOp op))
            return false;
        Plan plan = Planner.GetOrCreate(op, destination.ShapeSpan, new ReadOnlySpan<long>(strides, destination.Rank), destination.StrideSpan);
        if (!plan.IsDestinationNested)
            return false;
        PlanEngine.Execute(plan, (byte*)source.Data, (byte*)destination.Data);
        return true;
    }

    private static bool IsPlain(in RawTensor tensor)
    {
        if (tensor.DeviceType != (int)DeviceType.Cpu || tensor.Rank > MostAxes || tensor.ItemSize is <= 0 or > MostBytes)
            return false;
        long bytes = tensor.ItemSize;
        for (int axis = 0; axis < tensor.Rank; axis++)
        {
            long extent = tensor.Shape[axis];
            if (extent <= 0 || extent > MostBytes || (bytes *= extent) > MostBytes)
                return false;
        }
        return true;
    }

    private static bool IsSimple(DType from, DType to, out CopyOp op)
    {
        op = default;
        return !from.IsPacked && !to.IsPacked && (ReferenceEquals(from, to) || CastingRules.CanCast(from, to, CastingRule.SameKind)) && SingleOp.TryCreate(from, to, out op);
    }

    private static bool TryBroadcast(in RawTensor source, in RawTensor destination, long* strides)
    {
        int lead = destination.Rank - source.Rank;
        for (int axis = 0; axis < destination.Rank; axis++)
        {
            long extent = axis < lead ? 1 : source.Shape[axis - lead];
            if (extent == destination.Shape[axis])
                strides[axis] = axis < lead ? 0 : source.Strides[axis - lead];
            else if (extent == 1)
                strides[axis] = 0;
            else
                return false;
        }
        return true;
    }

    private static bool AreApart(in RawTensor source, in RawTensor destination)
    {
        Reach(source, out nint sourceLow, out nint sourceHigh);
        Reach(destination, out nint low, out nint high);
        return sourceHigh <= low || high <= sourceLow;
    }

    /// <summary>First byte and the byte after the last. Layouts were checked when they came in: their extents fit the address space.</summary>
    private static void Reach(in RawTensor tensor, out nint low, out nint high)
    {
        low = (nint)tensor.Data;
        high = low + (nint)tensor.ItemSize;
        for (int axis = 0; axis < tensor.Rank; axis++)
        {
            nint span = (nint)((tensor.Shape[axis] - 1) * tensor.Strides[axis]);
            if (span < 0)
                low += span;
            else
                high += span;
        }
    }
}
