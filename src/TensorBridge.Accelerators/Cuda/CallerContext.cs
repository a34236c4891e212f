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

    public void Dispose()
    {
        IlgpuAccess.ForgetBinding();
        // The context may have ended meanwhile, when it was the one whose last reference went.
        if (DriverContexts.SetCurrent(_context) != CudaResult.Success)
            DriverContexts.SetCurrent(0);
    }
}
