using System.Runtime.CompilerServices;

namespace TensorBridge.Copying.Host;

/// <summary>Executes plans on the host.</summary>
/// <remarks>
/// A plan is cut into parts along its outer axes: parts are the unit of work of the threads, and between parts the hook is called. Each part is a nest of loops around
/// one kernel (<see cref="NestLoop"/>). Source and destination must not overlap.
/// </remarks>
internal static unsafe class HostEngine
{
    /// <summary>Copies below this size stay on the calling thread: starting a second one costs more than it saves.</summary>
    public const long ThreadingThreshold = 512 << 10;

    /// <summary>Size from which the destination is streamed past the caches.</summary>
    public static long StreamThreshold { get; } = CacheSize.LastLevel / 2;

    /// <summary>Executes a plan of any kind but a cast.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="source">The address that the plan's source strides and offset are relative to.</param>
    /// <param name="destination">The address that the plan's destination strides and offset are relative to.</param>
    /// <param name="degree">Most threads to use, the calling one included.</param>
    /// <param name="hook">Progress and cancellation; called on the calling thread.</param>
    /// <returns>False if the hook stopped the copy.</returns>
    public static bool Execute(Plan plan, byte* source, byte* destination, int degree = 1, CopyHook? hook = null)
    {
        long bytes = plan.Bytes;
        if (plan.Path == CopyPath.Contiguous && bytes < ThreadingThreshold && plan.Op.Kind == CopyOpKind.Copy)
        {
            HostKernels.Current.Rows.CopyRows(destination + plan.DestinationOffset, 0, source + plan.SourceOffset, 0, (nint)bytes, 1, stream: false);
            return true;
        }
        if (SmallCopy.Takes(plan))
        {
            SmallCopy.Run(plan, source + plan.SourceOffset, destination + plan.DestinationOffset);
            return true;
        }
        return Execute(HostKernels.Current, plan, source, destination, plan.WholeBytes >= StreamThreshold, bytes >= ThreadingThreshold ? degree : 1, hook);
    }

    /// <summary>Executes a plan with given kernels, streamed or not.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool Execute(HostKernels kernels, Plan plan, byte* source, byte* destination, bool stream, int degree, CopyHook? hook)
    {
        if (plan.Path == CopyPath.Nothing)
            return true;
        HostAxis* axes = stackalloc HostAxis[plan.Rank];
        HostNest nest = Nest(plan, axes);
        nest.Kernels = kernels;
        nest.Stream = stream;
        source += plan.SourceOffset;
        destination += plan.DestinationOffset;
        if (degree > 1 || hook is not null)
            return PartLoop.Run(nest, destination, source, plan.Bytes, degree, hook);
        NestLoop.Run(nest, destination, source);
        return true;
    }

    /// <summary>The plan's axes as a nest. <paramref name="axes"/> takes <see cref="Plan.Rank"/> entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static HostNest Nest(Plan plan, HostAxis* axes)
    {
        ReadOnlySpan<long> extents = plan.Extents;
        ReadOnlySpan<long> sources = plan.SourceStrides;
        ReadOnlySpan<long> destinations = plan.DestinationStrides;
        for (int i = 0; i < extents.Length; i++)
            axes[i] = new HostAxis((nint)extents[i], (nint)sources[i], (nint)destinations[i]);
        return new HostNest
        {
            Axes = axes,
            Rank = extents.Length,
            Word = plan.WordSize,
            Swap = plan.Op.Kind == CopyOpKind.ByteSwap,
            Kernels = HostKernels.Current,
        };
    }
}
