using TensorBridge.Copying.Host;

namespace TensorBridge.Copying;

/// <summary>Executes plans on the host: copies, fills and byte swaps by the host engine, casts by blocks around it.</summary>
internal static unsafe class PlanEngine
{
    /// <summary>Executes a plan on up to <paramref name="degree"/> threads. Source and destination do not overlap, or are the same elements.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled before the copy was done.</exception>
    public static void Execute(Plan plan, byte* source, byte* destination, int degree, CopyOptions options)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        CopyHook? hook = options.IsWatched ? Hook(options) : null;
        bool converts = NeedsConversion(plan, source, destination);
        if (converts && (degree == 1 || plan.Path == CopyPath.Nothing) && hook is null)
            Execute(plan, source, destination);
        else if (!(converts ? new PlanParts(plan, source, destination, degree, hook).Run(degree) : HostEngine.Execute(plan, source, destination, degree, hook)))
            throw new OperationCanceledException(options.Cancellation);
    }

    /// <summary>Executes a plan on the calling thread.</summary>
    public static void Execute(Plan plan, byte* source, byte* destination)
    {
        if (plan.Path == CopyPath.Nothing)
            return;
        if (NeedsConversion(plan, source, destination))
            ConvertEngine.Execute(plan, source, destination);
        else
            HostEngine.Execute(plan, source, destination);
    }

    /// <summary>Casts; swapped transposes, which are faster swapped along the source's runs first; and swaps in place: the host engine writes some
    /// bytes twice, which would undo those.</summary>
    private static bool NeedsConversion(Plan plan, byte* source, byte* destination) => plan.Op.Kind switch
    {
        CopyOpKind.Cast => true,
        CopyOpKind.ByteSwap => plan.Path == CopyPath.Tile || source == destination,
        _ => false,
    };

    private static CopyHook Hook(CopyOptions options) => (done, total) =>
    {
        options.Progress?.Invoke(done, total);
        return !options.Cancellation.IsCancellationRequested;
    };
}
