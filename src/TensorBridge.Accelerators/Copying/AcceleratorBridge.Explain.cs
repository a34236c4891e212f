using TensorBridge.Accelerators.Copying;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <content>What a copy would do.</content>
public abstract partial class AcceleratorBridge
{
    /// <summary>The kernels that a copy between two tensors of this device runs; none where the driver's own copy does it or nothing moves.</summary>
    /// <param name="source">A tensor on this device.</param>
    /// <param name="destination">A tensor on this device, to whose shape the source broadcasts.</param>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast.</exception>
    /// <exception cref="TensorUnsupportedException">The copy takes more than one pass.</exception>
    public IReadOnlyList<string> KernelsOf(TensorHandle source, TensorHandle destination)
    {
        CheckReachable(source);
        CheckReachable(destination);
        Span<long> strides = stackalloc long[destination.Rank];
        HostCopy.Broadcast(source.Descriptor, destination.Descriptor, strides);
        if (destination.ElementCount == 0 || destination.DType.ItemSize == 0)
            return [];
        if (!SingleOp.TryCreate(source.DType, destination.DType, out CopyOp op))
            throw new TensorUnsupportedException($"copying {source} to {destination} takes more than one pass, which only the host does");
        DeviceMemory from = Place(source);
        DeviceMemory to = Place(destination);
        if (!DeviceCopyEngine.IsAligned(op, destination.Shape, strides, destination.ByteStrides, from, to))
            return ["through bytes: elements at odd addresses"];
        Plan plan = Planner.GetOrCreate(op, destination.Shape, strides, destination.ByteStrides, (nint)from.Place, (nint)to.Place);
        using (EnterContext())
            return [.. Copies.KernelsOf(plan, from, to).Select(kernel => kernel.ToString())];
    }
}
