using TensorBridge.Accelerators.Cuda;
using TensorBridge.Sharing;

namespace TensorBridge.Accelerators;

public sealed partial class CudaBridge
{
    private const string IpcKind = "cuda";

    /// <summary>A text by which another process opens the same device memory.</summary>
    /// <param name="tensor">A tensor on this device, in memory of <c>cuMemAlloc</c>: any part of it, any strides.</param>
    /// <returns>The token for <see cref="OpenIpc"/> in another process, on the same GPU.</returns>
    /// <remarks>
    /// Nothing orders the processes: call <see cref="Synchronize"/> before the token is used, and keep the tensor until the
    /// other process has closed it.
    /// </remarks>
    /// <exception cref="TensorDeviceException">The memory is not on this device, or is stream-ordered, managed, virtual or opened from elsewhere: the driver shares none of these.</exception>
    /// <exception cref="TensorUnsupportedException">The element type has no complete typestr.</exception>
    public string ShareIpc(TensorHandle tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TensorDescriptor descriptor = Locate(tensor.Descriptor);
        using CudaScope scope = Activate();
        CudaPointer pointer = CudaPointer.Probe(descriptor.Data);
        if (pointer.Kind != CudaMemoryKind.Device)
            throw new TensorDeviceException($"{tensor} is {pointer.Kind} memory, which has no handle for other processes; use memory of Allocate, or SharedTensor for host memory");
        if (!pointer.IsIpcCapable)
            throw new TensorDeviceException($"{tensor} is stream-ordered or virtual memory, or was opened from another process; none of these can be shared by handle: copy it to memory of Allocate first");
        DriverMemory.GetAddressRange(out nuint start, out _, descriptor.Data).ThrowIfFailed("cuMemGetAddressRange", $"0x{descriptor.Data:x}");
        DriverIpc.GetHandle(out IpcMemoryHandle handle, start).ThrowIfFailed("cuIpcGetMemHandle", $"0x{start:x}");
        return TensorToken.Create(IpcKind, Convert.ToHexString(handle.Bytes), (long)(descriptor.Data - start), descriptor).ToString();
    }

    /// <summary>Opens device memory of another process.</summary>
    /// <param name="token">The text that <see cref="ShareIpc"/> gave there.</param>
    /// <returns>The same memory; it is closed when the last view of the handle is gone, behind the work that uses it.</returns>
    /// <exception cref="TensorFormatException">The text is no token.</exception>
    /// <exception cref="TensorDeviceException">The memory is gone, belongs to this process, is on another device, or is smaller than the tensor.</exception>
    public TensorHandle OpenIpc(string token)
    {
        TensorToken parsed = TensorToken.Parse(token, IpcKind);
        IpcMemoryHandle handle = ParseHandle(parsed.Place);
        using CudaScope scope = Activate();
        DriverIpc.OpenHandle(out nuint start, handle, DriverIpc.LazyPeerAccess).ThrowIfFailed("cuIpcOpenMemHandle", $"'{token}' (is it of another, living process, and on {Device}?)");
        TensorDescriptor located;
        try
        {
            nuint data = unchecked(start + (nuint)parsed.Offset);
            located = Locate(new TensorDescriptor(data, parsed.DType, parsed.Layout, Device, parsed.IsReadOnly));
        }
        catch
        {
            DriverIpc.CloseHandle(start);
            throw;
        }

        return Owned(located.Data, located.DType, located.Layout, Device, null, () => CloseIpc(start), parsed.IsReadOnly);
    }

    private static IpcMemoryHandle ParseHandle(string text)
    {
        IpcMemoryHandle handle = default;
        if (text.Length != IpcMemoryHandle.Size * 2 || Convert.FromHexString(text, handle.Bytes, out _, out int written) != System.Buffers.OperationStatus.Done || written != IpcMemoryHandle.Size)
            throw new TensorFormatException($"'{text}' is no memory handle of {IpcMemoryHandle.Size} bytes");
        return handle;
    }

    private void CloseIpc(nuint start)
    {
        using var scope = new CudaScope(_context, insist: true);
        DriverIpc.CloseHandle(start).ThrowIfFailed("cuIpcCloseMemHandle", $"0x{start:x}");
    }
}
