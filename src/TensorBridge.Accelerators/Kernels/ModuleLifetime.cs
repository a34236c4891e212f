namespace TensorBridge.Accelerators.Kernels;

/// <summary>Counts launches, so that a module closed while kernels run is torn down after the last of them.</summary>
internal sealed class ModuleLifetime(string name, Action tearDown)
{
    // The module's own count, and one per running launch.
    private int _count = 1;
    private int _closed;

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <exception cref="ObjectDisposedException">The module is closed.</exception>
    public void Enter()
    {
        Interlocked.Increment(ref _count);
        if (!IsClosed)
            return;
        Exit();
        throw new ObjectDisposedException(name, $"the kernel module '{name}' has been unloaded");
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            tearDown();
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            Exit();
    }
}
