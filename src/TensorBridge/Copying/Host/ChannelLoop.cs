using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Executes nests whose two inner axes are 2 to 4 channels and the pixels they belong to.</summary>
internal static unsafe class ChannelLoop
{
    /// <summary>Pixels of one channel staged at a time, in bytes: all channels together stay in the first-level cache.</summary>
    private const int StagingBytes = 4096;

    /// <summary>True if axis 0 runs over pixels and <paramref name="axis"/> over their channels, side by side in the source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDeinterleave(in HostNest nest, int axis)
    {
        (HostAxis pixels, HostAxis channels) = (nest.Axes[0], nest.Axes[axis]);
        return ChannelKernels.CanSplit(channels.Extent, nest.Word) && pixels.Destination == nest.Word && channels.Source == nest.Word && pixels.Source == channels.Extent * nest.Word;
    }

    /// <summary>True if axis 0 runs over channels, side by side in the destination, and <paramref name="axis"/> over the pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsInterleave(in HostNest nest, int axis)
    {
        (HostAxis channels, HostAxis pixels) = (nest.Axes[0], nest.Axes[axis]);
        return !nest.Swap && ChannelKernels.CanSplit(channels.Extent, nest.Word) && channels.Destination == nest.Word && pixels.Source == nest.Word && pixels.Destination == channels.Extent * nest.Word;
    }

    /// <summary>Splits pixels into channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Deinterleave(in HostNest nest, in HostAxis pixels, in HostAxis channels, byte* destination, byte* source)
    {
        if (nest.Swap || (nest.Stream && pixels.Extent * nest.Word >= StagingBytes))
            DeinterleaveStaged(nest, pixels, channels, destination, source);
        else
            nest.Kernels.Channels.Deinterleave(destination, channels.Destination, source, (int)channels.Extent, pixels.Extent, nest.Word);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DeinterleaveStaged(in HostNest nest, in HostAxis pixels, in HostAxis channels, byte* destination, byte* source)
    {
        byte* staging = stackalloc byte[StagingBytes * ChannelKernels.MaxChannels];
        nint most = StagingBytes / nest.Word;
        for (nint done = 0; done < pixels.Extent; done += most)
        {
            nint count = nint.Min(most, pixels.Extent - done);
            nest.Kernels.Channels.Deinterleave(staging, StagingBytes, source + (done * pixels.Source), (int)channels.Extent, count, nest.Word);
            for (nint c = 0; c < channels.Extent; c++)
                RowLoop.Emit(nest, destination + (c * channels.Destination) + (done * nest.Word), staging + (c * StagingBytes), count * nest.Word);
        }
    }

    /// <summary>Joins channels to pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleave(in HostNest nest, in HostAxis channels, in HostAxis pixels, byte* destination, byte* source) =>
        nest.Kernels.Channels.Interleave(destination, source, channels.Source, (int)channels.Extent, pixels.Extent, nest.Word, nest.Stream);
}
