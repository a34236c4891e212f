using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators;

/// <summary>One bridge for each CUDA device, made when it is first asked for: for code that takes tensors of any device.</summary>
/// <remarks>Thread-safe. Making a bridge keeps the device's primary context; disposing this lets all of them go.</remarks>
public sealed class CudaBridges : IDisposable
{
    // Wrappers of streams are small, and whoever makes streams without end makes no more of them than this.
    private const int MostStreams = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, CudaBridge> _bridges = [];
    private readonly ConcurrentDictionary<(CudaBridge Bridge, nint Handle), CudaStream> _streams = new();
    private bool _disposed;

    /// <summary>The bridge of a device.</summary>
    /// <param name="deviceId">The driver's number of the device.</param>
    /// <exception cref="TensorDeviceException">There is no driver or no such device, or the driver refuses.</exception>
    /// <exception cref="ObjectDisposedException">The bridges are disposed.</exception>
    public CudaBridge For(int deviceId)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_bridges.TryGetValue(deviceId, out CudaBridge? bridge))
                _bridges.Add(deviceId, bridge = CudaBridge.Create(deviceId, new CudaBridgeOptions { Configure = static builder => builder.EnableAlgorithms() }));
            return bridge;
        }
    }

    /// <summary>The bridge of the device that really holds a tensor: the CUDA array interface cannot name it, the driver can.</summary>
    /// <param name="tensor">A tensor in memory of a CUDA device, or in managed or page-locked memory.</param>
    /// <exception cref="TensorDeviceException">The tensor is in other memory, or in none that the driver knows.</exception>
    public CudaBridge Of(TensorDescriptor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Device.Type is not (DeviceType.Cuda or DeviceType.CudaManaged or DeviceType.CudaHost))
            throw new TensorDeviceException($"expected a tensor in memory of CUDA, got {tensor}; copy it there first");
        if (tensor.Layout.ElementCount == 0)
            return For(tensor.Device.Id);
        CudaPointer pointer = CudaPointer.Probe(tensor.Data);
        if (pointer.Kind == CudaMemoryKind.Unknown)
            throw new TensorDeviceException($"data pointer 0x{tensor.Data:x} of {tensor} is no memory that CUDA knows: it is ordinary host memory, or has been freed; give a device, page-locked or managed pointer, and keep its owner alive");
        return For(pointer.Kind == CudaMemoryKind.Device ? pointer.DeviceId : Math.Max(0, pointer.DeviceId));
    }

    /// <summary>A stream of somebody else for ILGPU, the same object each time.</summary>
    /// <param name="bridge">The bridge of the stream's device.</param>
    /// <param name="handle">1 for the legacy default stream, 2 for the per-thread one, else a handle of the driver.</param>
    /// <exception cref="TensorDeviceException">The number is 0, or the stream belongs to another context.</exception>
    public CudaStream Stream(CudaBridge bridge, nint handle)
    {
        ArgumentNullException.ThrowIfNull(bridge);
        if (_streams.TryGetValue((bridge, handle), out CudaStream? known))
            return known;
        if (_streams.Count >= MostStreams)
            _streams.Clear();
        return _streams.GetOrAdd((bridge, handle), static key => key.Bridge.WrapStream(key.Handle));
    }

    /// <summary>Makes a consumer's stream wait for the pending work on a tensor, as <c>__dlpack__(stream=…)</c> asks; the host does not wait.</summary>
    /// <param name="tensor">The tensor given out.</param>
    /// <param name="consumer">The consumer's stream, numbered as for <see cref="CudaBridge.OrderConsumer"/>.</param>
    /// <exception cref="TensorDeviceException">The memory is not what the tensor says, or the driver refuses.</exception>
    public void OrderConsumer(TensorDescriptor tensor, nint? consumer)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Stream is null || tensor.Layout.ElementCount == 0)
            return;
        CudaBridge bridge = Of(tensor);
        using var handle = new TensorHandle(Located(tensor, bridge));
        bridge.OrderConsumer(handle, consumer);
    }

    /// <summary>Reads a tensor's elements in C order, behind the pending work that it names; waits for them. For <see cref="TensorHandle.ToText"/>.</summary>
    /// <inheritdoc cref="TensorReader"/>
    /// <exception cref="TensorDeviceException">The memory is not what the tensor says, or the driver refuses.</exception>
    public unsafe void Read(TensorDescriptor source, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        CudaBridge bridge = Of(source);
        fixed (byte* memory = destination)
        {
            using var from = new TensorHandle(Located(source, bridge));
            using var to = new TensorHandle(new TensorDescriptor((nuint)memory, source.DType, source.Layout.ToContiguous(Order.C), Device.Cpu));
            bridge.Copy(from, to, Stream(bridge, source.Stream ?? CudaStreams.Legacy), CastingRule.No);
        }
    }

    // The CUDA array interface has no place for a device's number, so what it says is only a guess.
    private static TensorDescriptor Located(TensorDescriptor tensor, CudaBridge bridge) => tensor.Device.Type == DeviceType.Cuda
        ? new TensorDescriptor(tensor.Data, tensor.DType, tensor.Layout, bridge.Device, tensor.IsReadOnly, tensor.Stream)
        : tensor;

    /// <summary>Closes every bridge; memory of theirs that somebody still holds keeps its accelerator until it is given back.</summary>
    public void Dispose()
    {
        CudaBridge[] bridges;
        lock (_gate)
        {
            _disposed = true;
            bridges = [.. _bridges.Values];
            _bridges.Clear();
        }

        _streams.Clear();
        List<Exception> failures = [];
        foreach (CudaBridge bridge in bridges)
        {
            try
            {
                bridge.Dispose();
            }
            catch (TensorDeviceException failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
            throw new AggregateException("closing the bridges of some devices failed", failures);
    }
}
