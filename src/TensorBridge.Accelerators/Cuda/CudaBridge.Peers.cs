using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <content>Copies that touch the memory of other devices.</content>
/// <remarks>
/// <code>
/// dense here  &lt;-&gt; dense there      the driver's peer copy: directly where the devices are linked, through the host where not
/// strided there                   made dense there first, or spread there last, by the kernels of that device
/// host        &lt;-&gt; there           done there, as if the bridge of that device had been asked
/// there       &lt;-&gt; a third device  over dense memory of this one
/// </code>
/// What is done there runs on a stream of that device, which waits for the copy's stream and is waited for by it.
/// </remarks>
public sealed partial class CudaBridge
{
    private readonly Dictionary<int, (CudaBridge Bridge, CudaStream Stream)> _peers = [];

    private bool IsOnPeer(TensorDescriptor tensor) => tensor.Device.Type == DeviceType.Cuda && tensor.Device.Id != Device.Id;

    private void TransferPeer(TensorDescriptor from, TensorDescriptor to, CudaStream stream)
    {
        if (IsOnPeer(from) && IsOnPeer(to) && from.Device != to.Device)
            Through(from, to, from.DType, to.Layout, stream);
        else if (!IsHere(from) && !IsHere(to))
            OnPeer(IsOnPeer(from) ? from.Device.Id : to.Device.Id, stream, (peer, theirs) => peer.Transfer(from, to, theirs));
        else if (from.DType.Equals(to.DType) && CopyGeometry.Create(from, to, CopySide.Target) is { IsLinear: true } geometry)
            PeerCopy.Run(geometry, stream.StreamPtr, Device.Id, _context);
        else if (IsOnPeer(from))
            Fetch(from, to, stream);
        else
            Bring(from, to, stream);
    }

    private bool IsHere(TensorDescriptor tensor) => tensor.Device.Type != DeviceType.Cpu && !IsOnPeer(tensor);

    private void Fetch(TensorDescriptor from, TensorDescriptor to, CudaStream stream)
    {
        if (from.Layout.IsContiguous(TensorBridge.Order.K))
        {
            Through(from, to, from.DType, from.Layout, stream);
            return;
        }
        WithDenseOnPeer(from.Device.Id, from, stream, (peer, theirs, middle) =>
        {
            peer.TransferOnDevice(from, middle, theirs);
            OrderStreams(theirs, stream);
            using (Activate())
                Transfer(middle, to, stream);
        });
    }

    private void Bring(TensorDescriptor from, TensorDescriptor to, CudaStream stream)
    {
        if (to.Layout.IsContiguous(TensorBridge.Order.K))
        {
            Through(from, to, to.DType, to.Layout, stream);
            return;
        }
        WithDenseOnPeer(to.Device.Id, to, stream, (peer, theirs, middle) =>
        {
            using (Activate())
                Transfer(from, middle, stream);
            OrderStreams(stream, theirs);
            peer.TransferOnDevice(middle, to, theirs);
        });
    }

    private void WithDenseOnPeer(int device, TensorDescriptor like, CudaStream stream, Action<CudaBridge, CudaStream, TensorDescriptor> work) => OnPeer(device, stream, (peer, theirs) =>
    {
        Layout dense = CopyChecks.Dense(like.Layout, like.DType.ItemSize);
        nuint size = (nuint)dense.PayloadBytes;
        DriverMemory.AllocateAsync(out nuint address, size, theirs.StreamPtr).ThrowIfFailed("cuMemAllocAsync", $"{size} bytes on {peer.Device}");
        try
        {
            work(peer, theirs, new TensorDescriptor(address, like.DType, dense, peer.Device));
            OrderStreams(stream, theirs);
        }
        finally
        {
            peer.FreeBehind(address, theirs);
        }
    });

    private void OnPeer(int device, CudaStream stream, Action<CudaBridge, CudaStream> work)
    {
        (CudaBridge peer, CudaStream theirs) = PeerOf(device);
        OrderStreams(stream, theirs);
        using (peer.Activate())
            work(peer, theirs);
        OrderStreams(theirs, stream);
    }

    // The default stream is that of the current context: this device's.
    private void OrderStreams(CudaStream earlier, CudaStream later)
    {
        using (Activate())
            _events.Order(earlier.StreamPtr, later.StreamPtr);
    }

    // Made with the first copy that needs its kernels; it goes with this bridge.
    private (CudaBridge Bridge, CudaStream Stream) PeerOf(int device)
    {
        lock (_peers)
        {
            CheckDisposed();
            if (!_peers.TryGetValue(device, out (CudaBridge Bridge, CudaStream Stream) peer))
            {
                CudaBridge bridge = Create(device, _options);
                _peers[device] = peer = (bridge, bridge.CreateStream());
            }
            return peer;
        }
    }

    private void DisposePeers()
    {
        lock (_peers)
        {
            foreach ((CudaBridge bridge, CudaStream stream) in _peers.Values)
            {
                using (bridge.Activate())
                    stream.Dispose();
                bridge.Dispose();
            }
            _peers.Clear();
        }
    }
}
