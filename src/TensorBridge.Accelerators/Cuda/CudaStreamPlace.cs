namespace TensorBridge.Accelerators.Cuda;

/// <summary>A stream and the device in whose primary context its number is to be read: each context has default streams of its own.</summary>
internal readonly record struct CudaStreamPlace(nint Handle, int DeviceId)
{
    /// <summary>True for one and the same stream.</summary>
    public bool IsSame(CudaStreamPlace other) => DeviceId == other.DeviceId && CudaStreams.IsSame(Handle, other.Handle);

    /// <summary>Asks whether the stream has work left.</summary>
    public CudaResult Query()
    {
        using PrimaryScope scope = new(DeviceId);
        return DriverStreams.Query(Handle);
    }

    /// <summary>The host waits for the stream.</summary>
    public void Synchronize()
    {
        using PrimaryScope scope = new(DeviceId);
        DriverStreams.Synchronize(Handle).ThrowIfFailed("cuStreamSynchronize", ToString());
    }

    /// <summary>Work enqueued on <paramref name="later"/> from now on waits for what is enqueued on <paramref name="earlier"/> by now.</summary>
    public static void Order(CudaStreamPlace earlier, CudaStreamPlace later)
    {
        using var source = new PrimaryScope(earlier.DeviceId);
        DriverStreams.CreateEvent(out nint @event, DriverStreams.DisableTiming).ThrowIfFailed("cuEventCreate");
        try
        {
            DriverStreams.RecordEvent(@event, earlier.Handle).ThrowIfFailed("cuEventRecord", earlier.ToString());
            using var target = new PrimaryScope(later.DeviceId);
            DriverStreams.WaitEvent(later.Handle, @event, 0).ThrowIfFailed("cuStreamWaitEvent", later.ToString());
        }
        finally
        {
            DriverStreams.DestroyEvent(@event);
        }
    }

    /// <summary>The stream as errors print it.</summary>
    public override string ToString() => $"stream 0x{Handle:x} of cuda:{DeviceId}";
}
