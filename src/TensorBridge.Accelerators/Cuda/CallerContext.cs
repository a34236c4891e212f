namespace TensorBridge.Accelerators.Cuda;

/// <summary>Remembers the caller's current context around calls that replace it without a push.</summary>
internal readonly ref struct CallerContext
{
    private readonly nint _context;

    private CallerContext(nint context) => _context = context;

    public static CallerContext Save()
    {
        DriverContexts.GetCurrent(out nint context).ThrowIfFailed("cuCtxGetCurrent");
        return new CallerContext(context);
    }

    /// <summary>For the way down, where a failure must not keep anything alive.</summary>
    public static CallerContext SaveIfPossible() =>
        new(DriverContexts.GetCurrent(out nint context) == CudaResult.Success ? context : 0);

    public void Dispose()
    {
        IlgpuAccess.ForgetBinding();
        // An error may be one of earlier asynchronous work: ask twice. Or the context has ended meanwhile, when the
        // caller's was the one whose last reference went.
        if (DriverContexts.SetCurrent(_context) != CudaResult.Success && DriverContexts.SetCurrent(_context) != CudaResult.Success)
            DriverContexts.SetCurrent(0);
    }
}
