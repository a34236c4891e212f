namespace TensorBridge.Accelerators.Cuda;

/// <summary>Dense copies between two devices.</summary>
internal static class PeerCopy
{
    /// <summary>Enqueues the copy; the driver goes through the host where the devices are not linked.</summary>
    /// <param name="geometry">A linear copy.</param>
    /// <param name="stream">A stream of the own device.</param>
    /// <param name="deviceId">The own device.</param>
    /// <param name="context">Its primary context.</param>
    public static void Run(CopyGeometry geometry, nint stream, int deviceId, nint context)
    {
        nuint size = (nuint)geometry.Bytes;
        nint source = ContextOf(geometry.Source, deviceId, context);
        nint target = ContextOf(geometry.Target, deviceId, context);
        // Memory of another device's pool belongs to no context; there the driver finds the devices by the addresses.
        CudaResult result = source != 0 && target != 0
            ? DriverCopies.CopyPeer(geometry.Target, target, geometry.Source, source, size, stream)
            : DriverCopies.Copy(geometry.Target, geometry.Source, size, stream);
        result.ThrowIfFailed("cuMemcpyPeerAsync", $"{size} bytes from 0x{geometry.Source:x} to 0x{geometry.Target:x}");
    }

    private static nint ContextOf(nuint address, int deviceId, nint context)
    {
        CudaPointer pointer = CudaPointer.Probe(address);
        return pointer.Context == 0 && pointer.DeviceId == deviceId ? context : pointer.Context;
    }
}
