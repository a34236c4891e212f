namespace TensorBridge.Copying.Host;

/// <summary>A copy as the single-threaded executors see it: axes in stack memory, innermost first, and what is done to each word.</summary>
internal unsafe struct HostNest
{
    /// <summary>The axes; destination strides are positive and ascending.</summary>
    public HostAxis* Axes;

    /// <summary>Number of axes, at least 1.</summary>
    public int Rank;

    /// <summary>Bytes of a word: 1, 2, 4, 8 or 16.</summary>
    public int Word;

    /// <summary>True when the bytes of each word are reversed on the way.</summary>
    public bool Swap;

    /// <summary>True when whole lines of the destination go past the caches.</summary>
    public bool Stream;

    /// <summary>The kernels to use.</summary>
    public HostKernels Kernels;
}
