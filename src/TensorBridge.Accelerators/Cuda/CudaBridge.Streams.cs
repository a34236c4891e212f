using System.Runtime.CompilerServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

public sealed partial class CudaBridge
{
    private readonly ConditionalWeakTable<CudaStream, CudaStream> _foreign = [];

    /// <summary>A new stream, not ordered with the legacy default stream.</summary>
    /// <exception cref="TensorDeviceException">The driver refuses.</exception>
    public CudaStream CreateStream()
    {
        using CudaScope scope = Activate();
        DriverStreams.Create(out nint stream, DriverStreams.NonBlocking).ThrowIfFailed("cuStreamCreate");
        return CudaAccelerator.CreateStream(stream, responsible: true);
    }

    /// <summary>A stream of somebody else as an ILGPU stream: kernels of ILGPU run on it; it is never destroyed here.</summary>
    /// <param name="stream">1 for the legacy default stream, 2 for the per-thread one, else a <c>cudaStream_t</c> of this device's primary context.</param>
    /// <exception cref="TensorDeviceException">The number is 0, or the stream belongs to another context.</exception>
    public CudaStream WrapStream(nint stream)
    {
        if (stream == 0)
            throw new TensorDeviceException("stream 0 is ambiguous; give 1 (legacy default), 2 (per-thread default) or a handle");
        using CudaScope scope = Activate();
        if (stream != CudaStreams.Legacy && stream != CudaStreams.PerThread)
        {
            DriverStreams.GetContext(stream, out nint context).ThrowIfFailed("cuStreamGetCtx", $"stream 0x{stream:x}");
            if (context != _context)
                throw new TensorDeviceException($"stream 0x{stream:x} belongs to another context than the primary one of {Device}; kernels cannot run on it");
        }

        CudaStream wrapped = CudaAccelerator.CreateStream(stream, responsible: false);
        if (!CudaStreams.IsDefault(stream))
            _foreign.Add(wrapped, wrapped);
        return wrapped;
    }

    /// <summary>
    /// Begins work on tensors: the stream waits for the producers' pending work, and at the end of the scope the
    /// producers' streams wait for what the stream was given meanwhile.
    /// </summary>
    /// <param name="stream">The stream that the work runs on; null for the default stream.</param>
    /// <param name="tensors">The tensors that the work touches.</param>
    public CudaUse Use(AcceleratorStream? stream, params TensorHandle[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (TensorHandle tensor in tensors)
            OrderBefore(tensor, stream);
        return new CudaUse(this, CudaStreams.Resolve(Accelerator, stream), tensors);
    }

    /// <summary>Work that <paramref name="stream"/> is given from now on comes after the pending work of the tensor's producer.</summary>
    /// <param name="tensor">A tensor on this device.</param>
    /// <param name="stream">The stream that will use it; null for the default stream.</param>
    /// <param name="policy">How to order; null for the bridge's choice.</param>
    /// <exception cref="TensorDeviceException">The producer's stream is not known to the driver, or belongs to another context.</exception>
    public void OrderBefore(TensorHandle tensor, AcceleratorStream? stream, CudaStreamPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckDisposed();
        CudaStream user = CudaStreams.Resolve(Accelerator, stream);
        tensor.OwnerAs<CudaMemory>()?.Use(user);
        if (tensor.Descriptor.Stream is { } producer && tensor.ElementCount > 0)
            Order(StreamOf(tensor, producer), new CudaStreamPlace(user.StreamPtr, Device.Id), policy ?? _options.StreamPolicy);
    }

    /// <summary>Work that the tensor's producer enqueues from now on comes after what <paramref name="stream"/> was given until now.</summary>
    /// <inheritdoc cref="OrderBefore"/>
    public void OrderAfter(TensorHandle tensor, AcceleratorStream? stream, CudaStreamPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckDisposed();
        CudaStream user = CudaStreams.Resolve(Accelerator, stream);
        if (tensor.Descriptor.Stream is { } producer && tensor.ElementCount > 0)
            Order(new CudaStreamPlace(user.StreamPtr, Device.Id), StreamOf(tensor, producer), policy ?? _options.StreamPolicy);
        if (tensor.OwnerAs<CudaMemory>() is { } memory && memory.BelongsTo(_releases))
            EndUse(memory, user);
    }

    /// <summary>
    /// For exports: makes a consumer's stream wait for the pending work on a tensor, as <c>__dlpack__(stream=…)</c> asks.
    /// </summary>
    /// <param name="tensor">The tensor given out.</param>
    /// <param name="consumer">
    /// The consumer's stream: null or 1 the legacy default stream, 2 the per-thread one, -1 for no ordering, else a handle.
    /// </param>
    /// <exception cref="TensorDeviceException">The number is 0, or the driver refuses.</exception>
    public void OrderConsumer(TensorHandle tensor, nint? consumer)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        CheckDisposed();
        if (consumer == 0)
            throw new TensorDeviceException("stream 0 is forbidden by DLPack; give 1 (legacy default), 2 (per-thread default), -1 (no ordering) or a handle");
        if (consumer != -1 && tensor.Descriptor.Stream is { } pending && tensor.ElementCount > 0)
            Order(StreamOf(tensor, pending), new CudaStreamPlace(consumer ?? CudaStreams.Legacy, Device.Id), CudaStreamPolicy.EventOrdered);
    }

    private protected override void Prepare(TensorHandle handle, AcceleratorStream? stream) => OrderBefore(handle, stream);

    private protected override nint? PendingOn(AcceleratorStream? stream) =>
        CudaStreams.ToProtocol(CudaStreams.Resolve(Accelerator, stream).StreamPtr);

    // Streams of others can be destroyed at any time once their work is enqueued; ours and the default streams stay.
    private void EndUse(CudaMemory memory, CudaStream stream)
    {
        if (!_foreign.TryGetValue(stream, out _))
            return;
        using CudaScope scope = Activate();
        memory.End(stream, _events);
    }

    // The default streams are one per context: their numbers alone do not say which.
    private CudaStreamPlace StreamOf(TensorHandle tensor, nint producer) =>
        new(producer, tensor.Device.Type == DeviceType.Cuda && CudaStreams.IsDefault(producer) ? tensor.Device.Id : Device.Id);

    private void Order(CudaStreamPlace earlier, CudaStreamPlace later, CudaStreamPolicy policy)
    {
        if (policy == CudaStreamPolicy.CallersDuty || earlier.IsSame(later))
            return;
        using CudaScope scope = Activate();
        if (policy == CudaStreamPolicy.Synchronize)
            earlier.Synchronize();
        else if (earlier.DeviceId == later.DeviceId)
            _events.Order(earlier.Handle, later.Handle);
        else
            CudaStreamPlace.Order(earlier, later);
    }
}
