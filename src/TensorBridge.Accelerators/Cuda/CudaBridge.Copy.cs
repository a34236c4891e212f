using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

public sealed partial class CudaBridge
{
    /// <summary>Copies a tensor between host and device, or within and between devices; either side may have any strides.</summary>
    /// <param name="source">What is read. Its shape is broadcast to the destination's.</param>
    /// <param name="destination">What is written: writable, of the same element type, no two elements in the same place.</param>
    /// <param name="stream">The stream that does the work; null for the default stream.</param>
    /// <remarks>
    /// The stream waits for both producers' pending work, and they wait for the copy. The host waits only for ordinary
    /// host memory: on return such a source has been read and such a destination is written. Device, page-locked and
    /// managed memory is read and written when the stream comes to it; their handles are given back behind it if
    /// they were made by <see cref="Import"/> or an allocation of this bridge.
    /// </remarks>
    /// <exception cref="TensorLayoutException">Shapes or element types differ, or the destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorDeviceException">Memory is not where it says, or the driver refuses.</exception>
    public void Copy(TensorHandle source, TensorHandle destination, AcceleratorStream? stream = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        CheckDisposed();
        (TensorDescriptor from, TensorDescriptor to) = CopyChecks.Normalize(source.Descriptor, destination.Descriptor);
        if (from.Device.Type == DeviceType.Cpu && to.Device.Type == DeviceType.Cpu)
        {
            TensorCopy.Copy(source, destination);
            return;
        }

        if (to.Layout.PayloadBytes == 0)
            return;
        CudaStream worker = CudaStreams.Resolve(Accelerator, stream);
        CheckPlace(from);
        CheckPlace(to);
        using (Use(worker, source, destination))
        using (Activate())
        {
            Transfer(from, to, source, destination, worker);
            GC.KeepAlive(source);
            GC.KeepAlive(destination);
        }
    }

    // Ordinary host memory needs no question; everything else must be what it says, on this device or on a peer.
    private void CheckPlace(TensorDescriptor tensor)
    {
        if (tensor.Device.Type == DeviceType.Cpu)
            return;
        if (IsOnPeer(tensor))
            CopyChecks.CheckPeer(tensor);
        else if (CanReach(tensor.Device))
            Locate(tensor);
        else
            throw new TensorDeviceException($"{tensor} is neither host memory nor memory of CUDA; copy it through the host");
    }

    private bool IsOnPeer(TensorDescriptor tensor) => tensor.Device.Type == DeviceType.Cuda && tensor.Device.Id != Device.Id;

    private void Transfer(TensorDescriptor from, TensorDescriptor to, TensorHandle source, TensorHandle target, CudaStream stream)
    {
        if (MemoryOverlap.Overlaps(from, to) && !from.Equals(to))
            Through(from, to, source, target, stream, to.Layout);
        else if (IsOnPeer(from) || IsOnPeer(to))
            TransferPeer(from, to, source, target, stream);
        else if (from.Device.Type == DeviceType.Cpu && !to.Layout.IsContiguous(TensorBridge.Order.K))
            Through(from, to, source, target, stream, to.Layout);
        else if (from.Device.Type == DeviceType.Cpu)
            _ring.Send(from, to, stream.StreamPtr);
        else if (to.Device.Type == DeviceType.Cpu && !from.Layout.IsContiguous(TensorBridge.Order.K))
            Through(from, to, source, target, stream, to.Layout);
        else if (to.Device.Type == DeviceType.Cpu)
            _ring.Receive(from, to, stream.StreamPtr);
        else
            TransferOnDevice(from, to, source, target, stream);
    }

    private void TransferOnDevice(TensorDescriptor from, TensorDescriptor to, TensorHandle source, TensorHandle target, CudaStream stream)
    {
        CopyGeometry geometry = CopyGeometry.Create(from, to, CopySide.Target);
        if (!PitchedCopy.TryRun(geometry, stream.StreamPtr))
            _kernels.Run(geometry, source, target, stream);
    }

    // The driver moves dense memory between devices, directly where they are linked, through the host where not.
    private void TransferPeer(TensorDescriptor from, TensorDescriptor to, TensorHandle source, TensorHandle target, CudaStream stream)
    {
        if (from.Device.Type == DeviceType.Cpu || to.Device.Type == DeviceType.Cpu)
            throw new TensorDeviceException($"this bridge works on {Device}, got {from} and {to}; copy with the bridge of {(IsOnPeer(from) ? from.Device : to.Device)}");
        CopyGeometry geometry = CopyGeometry.Create(from, to, CopySide.Target);
        if (geometry.IsLinear)
        {
            PeerCopy.Run(geometry, stream.StreamPtr, Device.Id, _context);
            return;
        }

        TensorDescriptor distant = IsOnPeer(from) ? from : to;
        if (IsOnPeer(from) && IsOnPeer(to))
            throw new TensorDeviceException($"neither {from} nor {to} is on {Device}; copy with the bridge of one of them");
        if (!distant.Layout.IsContiguous(TensorBridge.Order.K))
            throw new TensorLayoutException($"{distant} is on another device and has gaps; make it contiguous with the bridge of {distant.Device} first");
        Through(from, to, source, target, stream, distant.Layout);
    }

    // Two steps over dense memory of this device, which comes and goes in the order of the stream.
    private void Through(TensorDescriptor from, TensorDescriptor to, TensorHandle source, TensorHandle target, CudaStream stream, Layout like)
    {
        Layout dense = like.ToContiguous(TensorBridge.Order.K);
        nuint size = (nuint)dense.PayloadBytes;
        DriverMemory.AllocateAsync(out nuint address, size, stream.StreamPtr).ThrowIfFailed("cuMemAllocAsync", $"{size} bytes on {Device}");
        try
        {
            var middle = new TensorDescriptor(address, from.DType, dense, Device);
            using var handle = new TensorHandle(middle);
            Transfer(from, middle, source, handle, stream);
            Transfer(middle, to, handle, target, stream);
        }
        finally
        {
            FreeOrdered(address, stream);
        }
    }
}
