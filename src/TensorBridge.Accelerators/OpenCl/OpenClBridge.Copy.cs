using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

public sealed partial class OpenClBridge
{
    /// <summary>Copies a tensor between host and device or within the device; either side may have any strides.</summary>
    /// <param name="source">What is read. Its shape is broadcast to the destination's.</param>
    /// <param name="destination">What is written: writable, no two elements in the same place. The element type is converted where it differs.</param>
    /// <param name="stream">The stream that does the work; null for the default stream. The host waits for it when one side is host memory.</param>
    /// <param name="casting">Which conversions are allowed.</param>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast, or the destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException">The casting rule forbids the conversion, or the device has none.</exception>
    /// <exception cref="TensorDeviceException">A tensor is neither host memory nor of this bridge, or the driver refuses.</exception>
    public override void Copy(TensorHandle source, TensorHandle destination, AcceleratorStream? stream = null, CastingRule casting = CastingRule.SameKind)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        CheckDisposed();
        (TensorDescriptor from, TensorDescriptor to) = CopyChecks.Normalize(source.Descriptor, destination.Descriptor, casting);
        bool isFromHost = from.Device.IsHostAccessible;
        bool isToHost = to.Device.IsHostAccessible;
        CopyOptions options = CopyOptions.Default with { Casting = casting };
        try
        {
            if (isFromHost && isToHost)
                TensorCopy.Copy(source, destination, options);
            else if (to.Layout.PayloadBytes == 0)
                return;
            else if (isFromHost)
                Upload(from, to, PlaceOf(destination), stream ?? Accelerator.DefaultStream);
            else if (isToHost)
                Download(from, to, PlaceOf(source), stream ?? Accelerator.DefaultStream);
            else
                Rearrange(from, to, PlaceOf(source), PlaceOf(destination), stream ?? Accelerator.DefaultStream);
        }
        catch (AcceleratorException error)
        {
            throw new TensorDeviceException($"OpenCL could not copy {source} to {destination}: {error.Message}", error);
        }
    }

    private DeviceMemory PlaceOf(TensorHandle handle)
    {
        MemoryBuffer buffer = BufferOf(handle);
        return _engine.At(buffer).Offset(OffsetOf(handle.Descriptor, buffer));
    }

    private void Rearrange(TensorDescriptor from, TensorDescriptor to, DeviceMemory source, DeviceMemory target, AcceleratorStream stream)
    {
        if (!MemoryOverlap.Overlaps(from, to))
        {
            _engine.Copy(from, to, source, target, stream);
            return;
        }

        Layout dense = CopyChecks.Dense(to.Layout, from.DType.ItemSize);
        MemoryBuffer middle = _engine.Pool.Rent(dense.PayloadBytes, stream);
        try
        {
            _engine.Copy(CopyOp.Copy(from.DType.ItemSize), to.Shape, from.Layout.ByteStrides, dense.ByteStrides, source, _engine.At(middle), stream);
            _engine.Copy(from.With(layout: dense), to, _engine.At(middle), target, stream);
        }
        finally
        {
            _engine.Pool.Return(middle, stream);
        }
    }

    // The host makes the bytes dense and of the destination's type; the device spreads them where it has gaps.
    private void Upload(TensorDescriptor from, TensorDescriptor to, DeviceMemory target, AcceleratorStream stream)
    {
        Layout dense = CopyChecks.Dense(to.Layout, to.DType.ItemSize);
        using TensorHandle packed = TensorAllocator.Shared.Allocate(to.DType, dense);
        HostCopy.Run(from, packed.Descriptor, CopyOptions.Default with { Casting = CastingRule.Unsafe });
        if (to.Layout.IsContiguous(Order.K))
        {
            Send(packed, target, dense.PayloadBytes, stream);
            return;
        }

        MemoryBuffer middle = _engine.Pool.Rent(dense.PayloadBytes, stream);
        try
        {
            Send(packed, _engine.At(middle), dense.PayloadBytes, stream);
            _engine.Copy(CopyOp.Copy(to.DType.ItemSize), to.Shape, dense.ByteStrides, to.Layout.ByteStrides, _engine.At(middle), target, stream);
        }
        finally
        {
            _engine.Pool.Return(middle, stream);
        }
    }

    private void Download(TensorDescriptor from, TensorDescriptor to, DeviceMemory source, AcceleratorStream stream)
    {
        Layout dense = CopyChecks.Dense(to.Layout, from.DType.ItemSize);
        using TensorHandle packed = TensorAllocator.Shared.Allocate(from.DType, dense);
        MemoryBuffer middle = _engine.Pool.Rent(dense.PayloadBytes, stream);
        try
        {
            _engine.Copy(CopyOp.Copy(from.DType.ItemSize), to.Shape, from.Layout.ByteStrides, dense.ByteStrides, source, _engine.At(middle), stream);
            _engine.At(middle).View<byte>(0, dense.PayloadBytes).CopyToCPU(stream, Bytes(packed, dense.PayloadBytes));
            stream.Synchronize();
        }
        finally
        {
            _engine.Pool.Return(middle, stream);
        }

        HostCopy.Run(packed.Descriptor, to, CopyOptions.Default with { Casting = CastingRule.Unsafe });
    }

    private static void Send(TensorHandle packed, DeviceMemory target, long bytes, AcceleratorStream stream)
    {
        target.View<byte>(0, bytes).CopyFromCPU(stream, Bytes(packed, bytes));
        stream.Synchronize();
    }

    private static unsafe Span<byte> Bytes(TensorHandle tensor, long bytes) => bytes <= int.MaxValue
        ? new Span<byte>((void*)tensor.Data, (int)bytes)
        : throw new TensorUnsupportedException($"{tensor} has {bytes} bytes, OpenCL copies take up to {int.MaxValue}; copy it in parts");
}
