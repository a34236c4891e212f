using TensorBridge.Copying;
using TensorBridge.Accelerators;

namespace TensorBridge.Python.Operations;

/// <summary>Copies that touch a CUDA device: on it, to it, from it. Enqueued on a stream; only what touches host memory waits.</summary>
internal static class DeviceCopies
{
    /// <summary>Copies into existing memory; either side may be the host's.</summary>
    public static void Copy(TensorHandle source, TensorHandle destination, CastingRule casting, long? stream)
    {
        using DeviceWork work = DeviceWork.On(stream, destination, source);
        work.Bridge.Copy(work.Take(source), work.Take(destination), work.Stream, casting);
        work.WaitForHost();
    }

    /// <summary>Dense memory on the same device.</summary>
    public static TensorHandle ToContiguous(TensorHandle source, Order order, bool? copy, long? stream)
    {
        using DeviceWork work = DeviceWork.On(stream, source);
        return work.Bridge.ToContiguous(work.Take(source), order, copy, work.Stream);
    }

    /// <summary>Another element type on the same device.</summary>
    public static TensorHandle Cast(TensorHandle source, DType type, CastingRule casting, Order order, long? stream)
    {
        using DeviceWork work = DeviceWork.On(stream, source);
        return work.Bridge.Cast(work.Take(source), type, casting, work.Stream, order);
    }

    /// <summary>A dense copy in host memory. Waits for it.</summary>
    public static TensorHandle ToHost(TensorHandle source, Order order, long? stream)
    {
        TensorHandle result = TensorAllocator.Shared.Allocate(source.DType, source.Layout.ToContiguous(order));
        return Into(result, source, stream);
    }

    /// <summary>A dense copy in memory of a device, or in page-locked or managed memory; the axes in the order in which those of the source lie.</summary>
    public static TensorHandle ToDevice(TensorHandle source, Device device, long? stream)
    {
        if (device.Type == DeviceType.Cpu)
            return ToHost(source, Order.K, stream);
        int[] axes = AxesByStride(source.Layout);
        using TensorHandle sorted = source.Transpose(axes);
        using TensorHandle dense = IsStridedElsewhere(sorted, device) ? ToContiguous(sorted, Order.C, copy: null, stream: null) : sorted.Share();
        using TensorHandle target = DeviceAllocation.Allocate(source.DType, dense.Shape, device, stream);
        using DeviceWork work = DeviceWork.On(stream, target, dense);
        work.Bridge.Copy(work.Take(dense), work.Take(target), work.Stream, CastingRule.No);
        work.WaitForHost();
        return target.Transpose(Inverse(axes));
    }

    /// <summary>What <see cref="Copy"/> would do, in words.</summary>
    public static string Explain(TensorHandle source, TensorHandle destination)
    {
        using DeviceWork work = DeviceWork.On(null, destination, source);
        TensorHandle from = work.Take(source), to = work.Take(destination);
        if (!work.CanReach(from) || !work.CanReach(to))
            return $"{from} to {to}: over the bus, {(from.Device.Type == DeviceType.Cuda && to.Device.Type == DeviceType.Cuda ? "from device to device" : "through page-locked memory")}";
        IReadOnlyList<string> kernels = work.Bridge.KernelsOf(from, to);
        return $"{from} to {to}: on {work.Bridge.Device}, {(kernels.Count == 0 ? "the driver's copy" : string.Join(", ", kernels))}";
    }

    private static TensorHandle Into(TensorHandle result, TensorHandle source, long? stream)
    {
        try
        {
            Copy(source, result, CastingRule.No, stream);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    // The driver moves only dense memory between devices.
    private static bool IsStridedElsewhere(TensorHandle source, Device device) => source.Device.Type == DeviceType.Cuda
        && !source.Layout.IsCContiguous && DeviceLocation.Of(source) != device;

    // Longest strides first; axes of length 1 and of equal strides stay where they are.
    private static int[] AxesByStride(Layout layout)
    {
        long[] strides = [.. Enumerable.Range(0, layout.Rank).Select(axis => layout.Shape[axis] > 1 ? Math.Abs(layout.ByteStrides[axis]) : 0)];
        return layout.IsCContiguous ? [.. Enumerable.Range(0, layout.Rank)] : [.. Enumerable.Range(0, layout.Rank).OrderByDescending(axis => strides[axis])];
    }

    private static int[] Inverse(int[] axes)
    {
        var inverse = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
            inverse[axes[i]] = i;
        return inverse;
    }
}
