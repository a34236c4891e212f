using TensorBridge.Accelerators.Copying;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <content>What a copy would do.</content>
public abstract partial class AcceleratorBridge
{
    /// <summary>The kernels that a copy between two tensors of this device runs, field by field where records differ; none where the driver's own copy does it or nothing moves.</summary>
    /// <param name="source">A tensor on this device.</param>
    /// <param name="destination">A tensor on this device, to whose shape the source broadcasts.</param>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast.</exception>
    /// <exception cref="TensorUnsupportedException">The copy counts units of time over, which only the host does.</exception>
    public IReadOnlyList<string> KernelsOf(TensorHandle source, TensorHandle destination)
    {
        CheckReachable(source);
        CheckReachable(destination);
        Span<long> strides = stackalloc long[destination.Rank];
        HostCopy.Broadcast(source.Descriptor, destination.Descriptor, strides);
        if (destination.ElementCount == 0 || destination.DType.ItemSize == 0)
            return [];
        DeviceMemory from = Place(source);
        DeviceMemory to = Place(destination);
        var names = new List<string>();
        foreach (CopyPass pass in CopyPass.Of(Broadcast(source, destination, strides), destination.Descriptor))
        {
            names.AddRange(KernelsOf(
                pass,
                from.Offset((long)(pass.Source.Data - source.Data)),
                to.Offset((long)(pass.Destination.Data - destination.Data))));
        }
        return names;
    }

    private IEnumerable<string> KernelsOf(CopyPass pass, DeviceMemory from, DeviceMemory to)
    {
        ReadOnlySpan<long> shape = pass.Destination.Shape;
        ReadOnlySpan<long> sourceStrides = pass.Source.Layout.ByteStrides;
        ReadOnlySpan<long> destinationStrides = pass.Destination.Layout.ByteStrides;
        if (!DeviceCopyEngine.IsAligned(pass.Op, shape, sourceStrides, destinationStrides, from, to))
            return ["through bytes: elements at odd addresses"];
        Plan plan = Planner.GetOrCreate(pass.Op, shape, sourceStrides, destinationStrides, (nint)from.Place, (nint)to.Place);
        using (EnterContext())
            return [.. Copies.KernelsOf(plan, from, to).Select(kernel => kernel.ToString())];
    }
}
