using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

public sealed partial class CudaBridge
{
    /// <summary>
    /// Takes over a tensor of another library: asks the driver where its memory really is, checks device, context and
    /// bounds, and gives it back behind the work of the streams it was used on.
    /// </summary>
    /// <param name="foreign">The tensor as its protocol described it. On success it belongs to the result; on an error it stays the caller's.</param>
    /// <returns>The same memory, with the device that the driver names (the CUDA array interface names none).</returns>
    /// <exception cref="TensorDeviceException">
    /// The driver does not know the memory (host memory, or freed), it is on another device or in another context, or
    /// the tensor reaches beyond its allocation.
    /// </exception>
    public TensorHandle Import(TensorHandle foreign)
    {
        ArgumentNullException.ThrowIfNull(foreign);
        CheckDisposed();
        TensorDescriptor described = foreign.Descriptor;
        TensorDescriptor located = described.Layout.ElementCount == 0 ? described : Locate(described);
        var memory = new CudaMemory(_releases, located, isOwned: false, buffer: null, foreign.Dispose);
        return new TensorHandle(located, memory, memory.Release);
    }

    /// <summary>New device memory in stream order: usable on <paramref name="stream"/> at once, freed without waiting.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <param name="stream">The stream in whose order memory comes and goes; null for the default stream.</param>
    /// <returns>A tensor dense in C order whose contents are not initialised. It cannot be shared with other processes.</returns>
    /// <exception cref="TensorDeviceException">The driver refuses.</exception>
    public TensorHandle AllocateOrdered(DType type, ReadOnlySpan<long> shape, AcceleratorStream? stream = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        var layout = Layout.Contiguous(shape, type.ItemSize);
        return AllocateOutput(type, layout, CudaStreams.Resolve(Accelerator, stream));
    }

    /// <summary>New page-locked host memory, which devices reach directly and copies read without staging.</summary>
    /// <inheritdoc cref="AllocateManaged"/>
    public TensorHandle AllocatePinned(DType type, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(type);
        var layout = Layout.Contiguous(shape, type.ItemSize);
        nuint size = Size(layout);
        using CudaScope scope = Activate();
        DriverMemory.AllocateHost(out nuint address, size, DriverMemory.Portable).ThrowIfFailed("cuMemHostAlloc", $"{size} bytes");
        return Owned(address, type, layout, new Device(DeviceType.CudaHost), null, () => FreeHost(address));
    }

    /// <summary>New managed memory, reachable from host and device.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="shape">Lengths of the axes.</param>
    /// <returns>A tensor dense in C order whose contents are not initialised.</returns>
    /// <exception cref="TensorDeviceException">The driver refuses.</exception>
    public TensorHandle AllocateManaged(DType type, ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(type);
        var layout = Layout.Contiguous(shape, type.ItemSize);
        nuint size = Size(layout);
        using CudaScope scope = Activate();
        DriverMemory.AllocateManaged(out nuint address, size, DriverMemory.AttachGlobal).ThrowIfFailed("cuMemAllocManaged", $"{size} bytes");
        return Owned(address, type, layout, new Device(DeviceType.CudaManaged), null, () => FreeDevice(address));
    }

    private protected override TensorHandle AllocateCore(DType type, Layout layout)
    {
        nuint size = Size(layout);
        using CudaScope scope = Activate();
        DriverMemory.Allocate(out nuint address, size).ThrowIfFailed("cuMemAlloc", $"{size} bytes on {Device}");
        return Owned(address, type, layout, Device, null, () => FreeDevice(address));
    }

    private protected override TensorHandle Own(TensorDescriptor descriptor, MemoryBuffer buffer)
    {
        var memory = new CudaMemory(_releases, descriptor, isOwned: true, buffer, () => GC.KeepAlive(buffer));
        return new TensorHandle(descriptor, memory, memory.Release);
    }

    internal override bool CanReach(Device device) =>
        device == Device || device.Type is DeviceType.CudaHost or DeviceType.CudaManaged;

    private protected override MemoryBuffer Wrap(TensorHandle handle, nuint lowest, long length, int elementSize)
    {
        // What this bridge imported or made has been checked, and views of it stay inside.
        if (handle.OwnerAs<CudaMemory>() is null)
            Locate(handle.Descriptor);
        return new ForeignCudaBuffer(Accelerator, handle, lowest, length, elementSize);
    }

    /// <summary>Checks a tensor against what the driver knows, and returns it with its true device.</summary>
    private TensorDescriptor Locate(TensorDescriptor tensor)
    {
        CudaPointer pointer = CudaPointer.Probe(tensor.Data);
        if (pointer.Kind == CudaMemoryKind.Unknown)
            throw new TensorDeviceException($"data pointer 0x{tensor.Data:x} of {tensor} is no memory that CUDA knows: it is ordinary host memory, or has been freed; give a device, page-locked or managed pointer, and keep its owner alive");
        if (pointer.Kind == CudaMemoryKind.Device && pointer.DeviceId != Device.Id)
            throw new TensorDeviceException($"data pointer 0x{tensor.Data:x} of {tensor} is on {pointer.Device}, this bridge works on {Device}; make a bridge for {pointer.Device}, or copy the tensor");
        if (pointer.Kind == CudaMemoryKind.Device && pointer.Context != 0 && pointer.Context != _context)
            throw new TensorDeviceException($"data pointer 0x{tensor.Data:x} of {tensor} belongs to another context than the primary one of {Device}; its library must use the primary context");
        if (tensor.Device.IsHostAccessible && pointer.Kind == CudaMemoryKind.Device)
            throw new TensorDeviceException($"{tensor} says that the host can read it, the driver says that 0x{tensor.Data:x} is memory of {pointer.Device}");
        (long low, long high) = tensor.Layout.Extent;
        if (!pointer.Contains(low, high))
            throw new TensorDeviceException($"{tensor} touches bytes {low} to {high} around 0x{tensor.Data:x}, its allocation is the {pointer.RangeSize} bytes from 0x{pointer.RangeStart:x}; shape or strides are wrong");
        return pointer.Device == tensor.Device
            ? tensor
            : new TensorDescriptor(tensor.Data, tensor.DType, tensor.Layout, pointer.Device, tensor.IsReadOnly, tensor.Stream);
    }

    private TensorHandle Owned(nuint address, DType type, Layout layout, Device device, nint? stream, Action free, bool isReadOnly = false, bool isOrdered = false)
    {
        try
        {
            var descriptor = new TensorDescriptor(address, type, layout, device, isReadOnly, stream);
            var memory = new CudaMemory(_releases, descriptor, isOwned: true, buffer: null, free, isOrdered);
            return new TensorHandle(descriptor, memory, memory.Release);
        }
        catch
        {
            free();
            throw;
        }
    }

    private void FreeDevice(nuint address)
    {
        using var scope = new CudaScope(_context, insist: true);
        DriverMemory.Free(address).ThrowIfFailed("cuMemFree", $"0x{address:x}");
    }

    private void FreeHost(nuint address)
    {
        using var scope = new CudaScope(_context, insist: true);
        DriverMemory.FreeHost(address).ThrowIfFailed("cuMemFreeHost", $"0x{address:x}");
    }

    // Behind what the stream, which is in use and so alive, was given until now.
    private void FreeBehind(nuint address, CudaStream stream)
    {
        using var scope = new CudaScope(_context, insist: true);
        if (DriverMemory.FreeAsync(address, stream.StreamPtr) != CudaResult.Success)
            DriverMemory.Free(address).ThrowIfFailed("cuMemFree", $"0x{address:x}");
    }

    private void FreeOrdered(nuint address)
    {
        using var scope = new CudaScope(_context, insist: true);
        _releases.FreeOrdered(address);
    }

    // The driver allocates no zero bytes; the memory of an empty tensor is never looked at.
    private static nuint Size(Layout layout) => (nuint)Math.Max(1, layout.PayloadBytes);
}
