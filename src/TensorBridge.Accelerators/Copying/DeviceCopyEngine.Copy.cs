using ILGPU.Runtime;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Copying;

/// <content>From two addresses with strides to a plan that fits the addresses.</content>
internal sealed partial class DeviceCopyEngine
{
    /// <summary>Copies a tensor to another of the same shape, in as many passes as the types take.</summary>
    /// <param name="from">What is read.</param>
    /// <param name="to">What is written; no two of its items may share bytes.</param>
    /// <param name="source">The place of the source's first item.</param>
    /// <param name="destination">The place of the destination's first item.</param>
    /// <param name="stream">Where the work goes.</param>
    /// <exception cref="TensorUnsupportedException">The conversion is one that only the host has; nothing has been launched.</exception>
    public void Copy(TensorDescriptor from, TensorDescriptor to, in DeviceMemory source, in DeviceMemory destination, AcceleratorStream stream)
    {
        if (SingleOp.TryCreate(from.DType, to.DType, out CopyOp op))
        {
            Copy(op, to.Shape, from.Layout.ByteStrides, to.Layout.ByteStrides, source, destination, stream);
            return;
        }
        foreach (CopyPass pass in CopyPass.Of(from, to))
        {
            Copy(
                pass.Op,
                pass.Destination.Shape,
                pass.Source.Layout.ByteStrides,
                pass.Destination.Layout.ByteStrides,
                source.Offset((long)(pass.Source.Data - from.Data)),
                destination.Offset((long)(pass.Destination.Data - to.Data)),
                stream);
        }
    }

    /// <summary>Copies items between two places on this accelerator. Strides are bytes and belong to the items' own axes.</summary>
    /// <param name="op">What happens to each item.</param>
    /// <param name="shape">Extents.</param>
    /// <param name="sourceStrides">One per axis; zero repeats.</param>
    /// <param name="destinationStrides">One per axis; no two items may share bytes.</param>
    /// <param name="source">The place of the source's first item.</param>
    /// <param name="destination">The place of the destination's first item.</param>
    /// <param name="stream">Where the work goes.</param>
    public void Copy(
        in CopyOp op,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> sourceStrides,
        ReadOnlySpan<long> destinationStrides,
        in DeviceMemory source,
        in DeviceMemory destination,
        AcceleratorStream stream)
    {
        if (IsAligned(op, shape, sourceStrides, destinationStrides, source, destination))
            Execute(Planner.GetOrCreate(op, shape, sourceStrides, destinationStrides, (nint)source.Place, (nint)destination.Place), source, destination, stream);
        else if (op.Kind == CopyOpKind.ByteSwap)
            SwapBytewise(op, shape, sourceStrides, destinationStrides, source, destination, stream);
        else
            CastThroughTemporaries(op, shape, sourceStrides, destinationStrides, source, destination, stream);
    }

    /// <summary>True when the words of both sides lie on multiples of their size. Plain copies choose their words by the addresses; casts and swaps cannot.</summary>
    internal static bool IsAligned(
        in CopyOp op,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> sourceStrides,
        ReadOnlySpan<long> destinationStrides,
        in DeviceMemory source,
        in DeviceMemory destination)
    {
        if (op.Kind is not (CopyOpKind.Cast or CopyOpKind.ByteSwap))
            return true;
        int sourceWord = op.Kind == CopyOpKind.Cast ? op.SourceItemSize : op.SwapUnit;
        int destinationWord = op.Kind == CopyOpKind.Cast ? op.DestinationItemSize : op.SwapUnit;
        long from = source.Place;
        long to = destination.Place;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 0)
                return true;
            if (shape[axis] == 1)
                continue;
            from |= sourceStrides[axis];
            to |= destinationStrides[axis];
        }
        return ((from & (sourceWord - 1)) | (to & (destinationWord - 1))) == 0;
    }

    /// <summary>Components at odd addresses: a byte swap is a copy of bytes whose innermost axis runs backwards.</summary>
    private void SwapBytewise(
        in CopyOp op,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> sourceStrides,
        ReadOnlySpan<long> destinationStrides,
        in DeviceMemory source,
        in DeviceMemory destination,
        AcceleratorStream stream)
    {
        int unit = op.SwapUnit;
        long[] bytes = [.. shape, op.SourceItemSize / unit, unit];
        long[] from = [.. sourceStrides, unit, -1];
        long[] to = [.. destinationStrides, unit, 1];
        Copy(CopyOp.Copy(1), bytes, from, to, source.Offset(unit - 1), destination, stream);
    }

    /// <summary>Elements at odd addresses: copied as bytes to where they are aligned, converted there, and copied back.</summary>
    private void CastThroughTemporaries(
        in CopyOp op,
        ReadOnlySpan<long> shape,
        ReadOnlySpan<long> sourceStrides,
        ReadOnlySpan<long> destinationStrides,
        in DeviceMemory source,
        in DeviceMemory destination,
        AcceleratorStream stream)
    {
        var aligned = Layout.Contiguous(shape, op.SourceItemSize);
        var converted = Layout.Contiguous(shape, op.DestinationItemSize);
        MemoryBuffer first = Pool.Rent(aligned.PayloadBytes, stream);
        MemoryBuffer second = Pool.Rent(converted.PayloadBytes, stream);
        try
        {
            DeviceMemory middle = At(first);
            DeviceMemory end = At(second);
            Copy(CopyOp.Copy(op.SourceItemSize), shape, sourceStrides, aligned.ByteStrides, source, middle, stream);
            Copy(op, shape, aligned.ByteStrides, converted.ByteStrides, middle, end, stream);
            Copy(CopyOp.Copy(op.DestinationItemSize), shape, converted.ByteStrides, destinationStrides, end, destination, stream);
        }
        finally
        {
            Pool.Return(first, stream);
            Pool.Return(second, stream);
        }
    }
}
