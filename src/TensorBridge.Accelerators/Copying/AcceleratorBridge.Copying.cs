using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <content>Copies between tensors of this accelerator, by kernels, in the order of a stream.</content>
public abstract partial class AcceleratorBridge
{
    private DeviceCopyEngine? _copies;

    /// <summary>Made with the first copy: loading the first kernel takes a moment, see <see cref="Prewarm"/>.</summary>
    internal virtual DeviceCopyEngine Copies
    {
        get
        {
            CheckDisposed();
            return _copies ?? Interlocked.CompareExchange(ref _copies, new DeviceCopyEngine(Accelerator), null) ?? _copies;
        }
    }

    /// <summary>Copies <paramref name="source"/> into <paramref name="destination"/>, converting the element type where it differs.</summary>
    /// <param name="source">A tensor on this device. Its shape is broadcast to the destination's by NumPy's rules.</param>
    /// <param name="destination">A writable tensor on this device, no two elements of it in the same place.</param>
    /// <param name="stream">The stream to work on; null for the default stream. The call returns when the work is enqueued.</param>
    /// <param name="casting">Which conversions are allowed.</param>
    /// <exception cref="TensorLayoutException">The shapes do not broadcast, or the destination is read-only or shares memory with itself.</exception>
    /// <exception cref="TensorUnsupportedException">The casting rule forbids the conversion, or it counts units of time over, which only the host does.</exception>
    /// <exception cref="TensorDeviceException">A tensor is not on this device, or the driver refuses.</exception>
    /// <exception cref="ObjectDisposedException">A handle or the bridge is disposed.</exception>
    public virtual void Copy(TensorHandle source, TensorHandle destination, AcceleratorStream? stream = null, CastingRule casting = CastingRule.SameKind)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckDestination(destination);
        CheckReachable(source);
        CastCheck.ThrowUnlessAllowed(source.DType, destination.DType, casting);
        Span<long> strides = stackalloc long[destination.Rank];
        HostCopy.Broadcast(source.Descriptor, destination.Descriptor, strides);
        if (!destination.Layout.IsUnique)
            HostCopy.CheckUnique(destination.Descriptor);
        if (destination.ElementCount == 0 || destination.DType.ItemSize == 0)
            return;
        bool isSingle = SingleOp.TryCreate(source.DType, destination.DType, out CopyOp op);
        AcceleratorStream work = stream ?? Accelerator.DefaultStream;
        switch (HostCopy.Clash(source.Descriptor, destination.Descriptor, strides))
        {
            case HostCopy.Overlap.Same when source.DType.Equals(destination.DType):
                return;
            case HostCopy.Overlap.Shared:
                using (TensorHandle own = ToContiguous(source, Order.K, copy: true, work))
                    Copy(own, destination, work, casting);
                return;
        }
        Prepare(source, work);
        Prepare(destination, work);
        using (EnterContext())
        {
            DeviceMemory from = Place(source);
            DeviceMemory to = Place(destination);
            if (isSingle)
                Copies.Copy(op, destination.Shape, strides, destination.ByteStrides, from, to, work);
            else
                Copies.Copy(Broadcast(source, destination, strides), destination.Descriptor, from, to, work);
        }
        Finish(source, work);
        Finish(destination, work);
        GC.KeepAlive(source);
        GC.KeepAlive(destination);
    }

    /// <summary>Copies between two dense views of the same length, of this accelerator.</summary>
    /// <exception cref="TensorLayoutException">The lengths differ.</exception>
    /// <exception cref="TensorDeviceException">A view belongs to another accelerator.</exception>
    public void Copy<T>(ArrayView<T> source, ArrayView<T> destination, AcceleratorStream? stream = null)
        where T : unmanaged
    {
        if (source.Length != destination.Length)
            throw new TensorLayoutException($"the source view has {source.Length} elements, the destination view {destination.Length}");
        if (source.Length == 0)
            return;
        using TensorHandle from = Export(source, isReadOnly: true, stream: stream);
        using TensorHandle to = Export(destination, stream: stream);
        Copy(from, to, stream, CastingRule.No);
    }

    /// <summary>Copies between two-dimensional views of this accelerator, whatever their strides: a transpose is a copy between views of swapped strides.</summary>
    /// <inheritdoc cref="Copy(TensorHandle, TensorHandle, AcceleratorStream, CastingRule)"/>
    public void Copy<T, TSourceStride, TDestinationStride>(ArrayView2D<T, TSourceStride> source, ArrayView2D<T, TDestinationStride> destination, AcceleratorStream? stream = null)
        where T : unmanaged
        where TSourceStride : struct, IStride2D
        where TDestinationStride : struct, IStride2D
    {
        using TensorHandle from = Export(source, isReadOnly: true, stream: stream);
        using TensorHandle to = Export(destination, stream: stream);
        Copy(from, to, stream, CastingRule.No);
    }

    /// <summary>The tensor in dense memory: a second handle to the same memory where it is dense already, else a copy on the stream.</summary>
    /// <param name="source">A tensor on this device.</param>
    /// <param name="order">The order of the axes in memory.</param>
    /// <param name="copy">null copies if needed, true always, false never.</param>
    /// <param name="stream">The stream to work on, in whose order the result's memory comes and goes; null for the default stream.</param>
    /// <exception cref="TensorLayoutException"><paramref name="copy"/> is false and the tensor is not dense in that order.</exception>
    public TensorHandle ToContiguous(TensorHandle source, Order order = Order.C, bool? copy = null, AcceleratorStream? stream = null)
    {
        CheckReachable(source);
        if (copy != true && source.Layout.IsContiguous(order))
            return source.Share();
        if (copy == false)
            throw new TensorLayoutException($"expected a tensor dense in {order} order, got {source}; a copy is needed and copy: false forbids it");
        return CopyToNew(source, source.DType, source.Layout.ToContiguous(order), stream, CastingRule.No);
    }

    /// <summary>The tensor with another element type, in memory of its own.</summary>
    /// <param name="source">A tensor on this device.</param>
    /// <param name="type">The element type wanted, byte order included.</param>
    /// <param name="casting">Which conversions are allowed.</param>
    /// <param name="stream">The stream to work on; null for the default stream.</param>
    /// <param name="order">The order of the axes in memory.</param>
    /// <exception cref="TensorUnsupportedException">The casting rule forbids the conversion, or there is none.</exception>
    public TensorHandle Cast(TensorHandle source, DType type, CastingRule casting = CastingRule.Unsafe, AcceleratorStream? stream = null, Order order = Order.C)
    {
        CheckReachable(source);
        ArgumentNullException.ThrowIfNull(type);
        CastCheck.ThrowUnlessAllowed(source.DType, type, casting);
        return CopyToNew(source, type, TensorCopy.Rescale(source.Layout.ToContiguous(order), type.ItemSize), stream, casting);
    }

    /// <summary>A copy of the tensor that is dense in C order and in native byte order, as kernels want it, or the tensor itself where it is so already.</summary>
    /// <param name="tensor">A tensor on this device.</param>
    /// <param name="access">What the kernel will do. With <see cref="Access.Write"/>, results go back to the tensor when the scope ends, in stream order.</param>
    /// <param name="stream">The stream that the kernel runs on; null for the default stream.</param>
    /// <exception cref="TensorLayoutException">The tensor is to be written and is read-only, or its elements share memory.</exception>
    public DenseTensor Dense(TensorHandle tensor, Access access = Access.Read, AcceleratorStream? stream = null)
    {
        CheckReachable(tensor);
        if ((access & Access.Write) != 0)
            CheckDestination(tensor);
        if ((access & Access.Write) != 0 && !tensor.Layout.IsUnique)
            HostCopy.CheckUnique(tensor.Descriptor);
        return new DenseTensor(this, tensor, access, stream ?? Accelerator.DefaultStream);
    }

    /// <summary>Loads the kernels that copies of elements of these sizes use most, so that the first copies do not wait for the compiler.</summary>
    /// <param name="itemSizes">Sizes in bytes, 1 to 16; 1, 2, 4, 8 and 16 when none is given.</param>
    /// <returns>Kernels loaded.</returns>
    public int Prewarm(params ReadOnlySpan<int> itemSizes)
    {
        using (EnterContext())
            return Copies.Prewarm(itemSizes.IsEmpty ? [1, 2, 4, 8, 16] : itemSizes);
    }

    /// <summary>New memory for a result, dense or in any other order, that comes and goes in stream order where the device can do that.</summary>
    private protected virtual TensorHandle AllocateOutput(DType type, Layout layout, AcceleratorStream stream) => AllocateCore(type, layout);

    /// <summary>Where a tensor's first element is.</summary>
    private protected virtual DeviceMemory Place(TensorHandle handle) => Copies.At(handle.Data);

    /// <summary>Makes the accelerator's context current; nothing on the host.</summary>
    internal virtual CudaScope EnterContext() => default;

    /// <summary>Orders the producer of a tensor behind the work that a stream was given.</summary>
    private protected virtual void Finish(TensorHandle handle, AcceleratorStream? stream)
    {
    }

    internal TensorHandle AllocateUninitialized(DType type, Layout layout, AcceleratorStream stream) => AllocateOutput(type, layout, stream);

    internal TensorHandle CopyToNew(TensorHandle source, DType type, Layout layout, AcceleratorStream? stream, CastingRule casting)
    {
        AcceleratorStream work = stream ?? Accelerator.DefaultStream;
        TensorHandle result = AllocateOutput(type, layout, work);
        try
        {
            Copy(source, result, work, casting);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The source as the destination sees it: the same shape, and strides of zero along the axes that repeat.</summary>
    private static TensorDescriptor Broadcast(TensorHandle source, TensorHandle destination, ReadOnlySpan<long> strides) =>
        source.Descriptor.With(layout: new Layout(destination.Shape, strides, source.DType.ItemSize));

    private void CheckReachable(TensorHandle tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckDisposed();
        if (!CanReach(tensor.Device))
            throw new TensorDeviceException($"expected a tensor on {Device}, got {tensor}; copy it to the device first");
    }

    private void CheckDestination(TensorHandle tensor)
    {
        CheckReachable(tensor);
        if (tensor.IsReadOnly)
            throw new TensorLayoutException($"expected a writable destination, got {tensor}; copy into memory that may be written");
    }

    private void DisposeCopies()
    {
        if (_copies is null)
            return;
        using (EnterContext())
            _copies.Dispose();
    }
}
