namespace TensorBridge.Accelerators.Kernels;

/// <summary>Remembers from launch to launch how many indices of a kernel are quick enough to run as one chunk.</summary>
internal sealed class LoopPace
{
    private const long Largest = 4096;

    /// <summary>The first chunk of a launch. 1 at first: one index of a new kernel may take long.</summary>
    public long FirstChunk { get; private set; } = 1;

    /// <summary>A chunk of this size was quick.</summary>
    public void Grow(long chunk) => FirstChunk = Math.Max(FirstChunk, Math.Min(chunk, Largest));

    /// <summary>A first chunk took so long; what takes milliseconds is begun with one index next time.</summary>
    public void Note(long milliseconds)
    {
        if (milliseconds > 1)
            FirstChunk = 1;
    }
}
