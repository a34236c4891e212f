namespace TensorBridge.Copying.Host;

/// <summary>Cuts a nest into parts along one axis and executes them, on one thread or several.</summary>
internal static unsafe class PartLoop
{
    /// <summary>Most bytes in a part: a few milliseconds for the kernels, a few tens for the slowest.</summary>
    private const long MostBytes = 16 << 20;

    /// <summary>Parts for each thread, so that a thread that is held up does not hold up the copy.</summary>
    private const int PartsPerThread = 4;

    /// <summary>Executes the nest; false if the hook stopped it.</summary>
    public static bool Run(in HostNest nest, byte* destination, byte* source, long bytes, int degree, CopyHook? hook) =>
        new NestParts(nest, destination, source, bytes, ChooseAxis(nest, degree), PartCount(bytes, degree), hook).Run(degree);

    private static long PartCount(long bytes, int degree)
    {
        long bySize = (bytes + MostBytes - 1) / MostBytes;
        return degree > 1 ? long.Max(bySize, PartsPerThread * (long)degree) : bySize;
    }

    /// <summary>
    /// The outermost axis that is none of the two sides of a tile, if it gives every thread some parts; else the outermost long one, else the longest.
    /// </summary>
    private static int ChooseAxis(in HostNest nest, int degree)
    {
        for (int i = nest.Rank - 1; i > 0; i--)
        {
            if (nest.Axes[i].Extent >= PartsPerThread * degree && nest.Axes[i].Source != nest.Word && nest.Axes[i].Source != -nest.Word)
                return i;
        }
        int longest = 0;
        for (int i = nest.Rank - 1; i >= 0; i--)
        {
            if (nest.Axes[i].Extent >= 256)
                return i;
            if (nest.Axes[i].Extent > nest.Axes[longest].Extent)
                longest = i;
        }
        return longest;
    }
}
