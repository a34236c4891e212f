namespace TensorBridge.Copying;

/// <summary>How a copy is allowed to convert, how many threads it may use, and how it can be watched and stopped. Immutable; reusable.</summary>
public sealed record CopyOptions
{
    /// <summary>The options of a call that gives none: casts of the same kind, <see cref="TensorCopy.MaxDegree"/> threads, no watching.</summary>
    public static CopyOptions Default { get; } = new();

    /// <summary>Which conversions are allowed where the element types differ. The default is <see cref="CastingRule.SameKind"/>, as in NumPy's <c>copyto</c>.</summary>
    public CastingRule Casting { get; init; } = CastingRule.SameKind;

    /// <summary>Threads this copy may use at most; 0 for <see cref="TensorCopy.MaxDegree"/>.</summary>
    public int MaxDegree { get; init; }

    /// <summary>Stops the copy between slices of some megabytes. What was written by then stays written.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called on the calling thread after each slice with bytes written and bytes in all. An exception from it stops the copy and reaches the caller.</summary>
    public Action<long, long>? Progress { get; init; }

    internal bool IsWatched => Progress is not null || Cancellation.CanBeCanceled;
}
