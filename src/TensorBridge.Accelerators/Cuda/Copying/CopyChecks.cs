using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Cuda;

/// <summary>What must be true of two tensors before anything is copied.</summary>
internal static class CopyChecks
{
    /// <summary>The pair with one shape; packed sub-byte elements become bytes.</summary>
    public static (TensorDescriptor Source, TensorDescriptor Target) Normalize(TensorDescriptor source, TensorDescriptor target, CastingRule casting)
    {
        if (target.IsReadOnly)
            throw new TensorLayoutException($"expected a writable destination, got {target}; copy into memory that may be written");
        CastCheck.ThrowUnlessAllowed(source.DType, target.DType, casting);
        if (source.DType.IsPacked)
            return Packed(source, target);
        Layout layout = source.Layout.BroadcastTo(target.Shape);
        if (!target.Layout.IsUnique)
            throw new TensorLayoutException($"elements of the destination {target} share memory; copy into memory where each has its own place");
        return (source.With(layout: layout), target);
    }

    /// <summary>A dense layout in the order of another, for items of any size.</summary>
    public static Layout Dense(Layout like, int itemSize)
    {
        Layout dense = like.ToContiguous(Order.K);
        long[] strides = dense.ByteStrides.ToArray();
        for (int axis = 0; axis < strides.Length; axis++)
            strides[axis] = strides[axis] / Math.Max(1, dense.ItemSize) * itemSize;
        return new Layout(dense.Shape, strides, itemSize);
    }

    /// <summary>Asks the driver about memory of another device.</summary>
    public static void CheckPeer(TensorDescriptor tensor)
    {
        CudaPointer pointer = CudaPointer.Probe(tensor.Data);
        if (pointer.Kind != CudaMemoryKind.Device || pointer.Device != tensor.Device)
            throw new TensorDeviceException($"data pointer 0x{tensor.Data:x} of {tensor} is {(pointer.Kind == CudaMemoryKind.Unknown ? "no memory that CUDA knows" : $"on {pointer.Device}")}; keep its owner alive and give its true device");
        (long low, long high) = tensor.Layout.Extent;
        if (!pointer.Contains(low, high))
            throw new TensorDeviceException($"{tensor} reaches beyond the {pointer.RangeSize} bytes of its allocation from 0x{pointer.RangeStart:x}; shape or strides are wrong");
    }

    private static (TensorDescriptor Source, TensorDescriptor Target) Packed(TensorDescriptor source, TensorDescriptor target)
    {
        if (!source.Shape.SequenceEqual(target.Shape))
            throw new TensorLayoutException($"packed elements are copied whole, got {source} and {target}; give both one shape");
        return (Bytes(source), Bytes(target));
    }

    private static TensorDescriptor Bytes(TensorDescriptor tensor) =>
        new(tensor.Data, DType.UInt8, Layout.Contiguous([tensor.ByteLength], 1), tensor.Device, tensor.IsReadOnly, tensor.Stream);
}
