using TensorBridge.Accelerators.Cuda;

namespace TensorBridge.Accelerators;

/// <summary>Keeps a context current on this thread; disposing it brings back the caller's.</summary>
/// <remarks>Made by <see cref="CudaBridge.Activate"/>. ILGPU calls inside the scope run in the bridge's context whatever was current before.</remarks>
public readonly ref struct CudaScope
{
    private readonly bool _pushed;

    /// <param name="context">The context to make current.</param>
    /// <param name="insist">
    /// For releases, which nobody repeats: an error may be one of earlier asynchronous work, so ask twice.
    /// </param>
    internal CudaScope(nint context, bool insist = false)
    {
        CudaResult result = DriverContexts.Push(context);
        if (insist && result != CudaResult.Success)
            result = DriverContexts.Push(context);
        result.ThrowIfFailed("cuCtxPushCurrent");
        _pushed = true;
        IlgpuAccess.ForgetBinding();
    }

    /// <summary>Brings the caller's context back.</summary>
    public void Dispose()
    {
        if (!_pushed)
            return;
        IlgpuAccess.ForgetBinding();
        // A pop reports failures of earlier asynchronous work, if any; whoever waits for that work hears of them.
        DriverContexts.Pop(out _);
    }
}
