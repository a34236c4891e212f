namespace TensorBridge.Accelerators.Kernels;

/// <summary>Keeps one frame for the next launch; launches at the same time make their own.</summary>
internal sealed class FramePool(FrameType type, AcceleratorBridge? bridge)
{
    private KernelFrame? _spare;

    public KernelFrame Rent() => Interlocked.Exchange(ref _spare, null) ?? type.Create(bridge);

    public void Return(KernelFrame frame)
    {
        frame.Clear();
        Volatile.Write(ref _spare, frame);
    }
}
