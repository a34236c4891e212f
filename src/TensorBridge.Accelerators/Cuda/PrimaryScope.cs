namespace TensorBridge.Accelerators.Cuda;

/// <summary>Keeps the primary context of any device current on this thread, without a bridge to it; it is released with the scope.</summary>
internal readonly ref struct PrimaryScope
{
    private readonly int _deviceId;
    private readonly CudaScope _scope;

    public PrimaryScope(int deviceId)
    {
        DriverContexts.RetainPrimary(out nint context, deviceId).ThrowIfFailed("cuDevicePrimaryCtxRetain", $"cuda:{deviceId}");
        _deviceId = deviceId;
        try
        {
            _scope = new CudaScope(context);
        }
        catch
        {
            DriverContexts.ReleasePrimary(deviceId);
            throw;
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        DriverContexts.ReleasePrimary(_deviceId);
    }
}
