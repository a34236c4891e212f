using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

public sealed partial class CudaBridge
{
    /// <summary>Copies a tensor between host and device, or within and between devices; either side may have any strides.</summary>
    /// <param name="source">What is read. Its shape is broadcast to the destination's.</param>
    /// <param name="destination">What is written: writable, no two elements in the same place. The element type is converted where it differs.</param>
    /// <param name="stream">The stream that does the work; null for the default stream.</param>
    /// <param name="casting">Which conversions are allowed.</param>
    /// <remarks>
    /// The stream waits for both producers' pending work, and they wait for the copy. The host waits only for ordinary
    /// host memory: on return such a source has been read and such a destination is written. Device, page-locked and
    /// managed memory is read and written when the stream comes to it; their handles are given back behind it if
    /// they were made by <see cref="Import"/> or an allocation of this bridge.
    /// </remarks>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast, or the destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException">The casting rule forbids the conversion, or the device has none.</exception>
    /// <exception cref="TensorDeviceException">Memory is not where it says, or the driver refuses.</exception>
    public override void Copy(TensorHandle source, TensorHandle destination, AcceleratorStream? stream = null, CastingRule casting = CastingRule.SameKind)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        CheckDisposed();
        if (IsKnownHere(source) && IsKnownHere(destination))
            CopyHere(source, destination, stream, casting);
        else
            CopyAnywhere(source, destination, stream, casting);
    }

    private void CopyAnywhere(TensorHandle source, TensorHandle destination, AcceleratorStream? stream, CastingRule casting)
    {
        (TensorDescriptor from, TensorDescriptor to) = CopyChecks.Normalize(source.Descriptor, destination.Descriptor, casting);
        if (from.Device.Type == DeviceType.Cpu && to.Device.Type == DeviceType.Cpu)
        {
            TensorCopy.Copy(source, destination, CopyOptions.Default with { Casting = casting });
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
            Guarded(() => Transfer(from, to, worker));
            GC.KeepAlive(source);
            GC.KeepAlive(destination);
        }
    }

    // What this bridge imported or made has been checked, and views of it stay inside: the driver is not asked again.
    private bool IsKnownHere(TensorHandle tensor) =>
        tensor.Device == Device && !tensor.DType.IsPacked && tensor.OwnerAs<CudaMemory>() is not null;

    // The common case: nothing is allocated, looked up or waited for once the plan is known.
    private void CopyHere(TensorHandle source, TensorHandle destination, AcceleratorStream? stream, CastingRule casting)
    {
        try
        {
            base.Copy(source, destination, stream, casting);
        }
        catch (AcceleratorException error)
        {
            throw KernelFailed(error);
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

    private void Transfer(TensorDescriptor from, TensorDescriptor to, CudaStream stream)
    {
        bool isSameType = from.DType.Equals(to.DType);
        if (IsOnPeer(from) || IsOnPeer(to))
            TransferPeer(from, to, stream);
        else if (from.Device.Type == DeviceType.Cpu)
            TransferIn(from, to, stream, isSameType);
        else if (to.Device.Type == DeviceType.Cpu)
            TransferOut(from, to, stream, isSameType);
        else if (MemoryOverlap.Overlaps(from, to) && !from.Equals(to))
            Through(from, to, from.DType, to.Layout, stream);
        else
            TransferOnDevice(from, to, stream);
    }

    // Types are converted on the side where they are smaller, so that fewer bytes cross the bus.
    private void TransferIn(TensorDescriptor from, TensorDescriptor to, CudaStream stream, bool isSameType)
    {
        if (!isSameType && to.DType.ItemSize <= from.DType.ItemSize)
            ThroughHost(from, to, to.DType, stream);
        else if (!isSameType || !to.Layout.IsContiguous(TensorBridge.Order.K))
            Through(from, to, from.DType, to.Layout, stream);
        else
            _ring.Send(from, to, stream.StreamPtr);
    }

    private void TransferOut(TensorDescriptor from, TensorDescriptor to, CudaStream stream, bool isSameType)
    {
        if (!isSameType && to.DType.ItemSize >= from.DType.ItemSize)
            ThroughHost(from, to, from.DType, stream);
        else if (!isSameType || !from.Layout.IsContiguous(TensorBridge.Order.K))
            Through(from, to, to.DType, to.Layout, stream);
        else
            _ring.Receive(from, to, stream.StreamPtr);
    }

    private void TransferOnDevice(TensorDescriptor from, TensorDescriptor to, CudaStream stream)
    {
        if (from.DType.Equals(to.DType) && PitchedCopy.TryRun(CopyGeometry.Create(from, to, CopySide.Target), stream.StreamPtr))
            return;
        DeviceCopyEngine engine = Engine();
        engine.Copy(from, to, engine.At(from.Data), engine.At(to.Data), stream);
    }

    // Two steps over dense memory of this device, which comes and goes in the order of the stream.
    private void Through(TensorDescriptor from, TensorDescriptor to, DType type, Layout like, CudaStream stream)
    {
        Layout dense = CopyChecks.Dense(like, type.ItemSize);
        nuint size = (nuint)dense.PayloadBytes;
        DriverMemory.AllocateAsync(out nuint address, size, stream.StreamPtr).ThrowIfFailed("cuMemAllocAsync", $"{size} bytes on {Device}");
        try
        {
            var middle = new TensorDescriptor(address, type, dense, Device);
            Transfer(from, middle, stream);
            Transfer(middle, to, stream);
        }
        finally
        {
            FreeBehind(address, stream);
        }
    }

    // Two steps over dense host memory. The ring waits for what it takes from or brings to ordinary host memory.
    private void ThroughHost(TensorDescriptor from, TensorDescriptor to, DType type, CudaStream stream)
    {
        using TensorHandle middle = TensorAllocator.Shared.Allocate(type, CopyChecks.Dense(to.Layout, type.ItemSize));
        CopyOptions options = CopyOptions.Default with { Casting = CastingRule.Unsafe };
        if (from.Device.Type == DeviceType.Cpu)
        {
            HostCopy.Run(from, middle.Descriptor, options);
            Transfer(middle.Descriptor, to, stream);
        }
        else
        {
            Transfer(from, middle.Descriptor, stream);
            HostCopy.Run(middle.Descriptor, to, options);
        }
    }

    private DeviceCopyEngine Engine()
    {
        lock (_events)
            return _engine ??= new DeviceCopyEngine(Accelerator);
    }

    // What ILGPU finds wrong leaves as ours.
    private static void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (AcceleratorException error)
        {
            throw KernelFailed(error);
        }
    }

    private static TensorDeviceException KernelFailed(AcceleratorException error) =>
        new($"ILGPU could not run a copy kernel: {error.Message}", error);
}
