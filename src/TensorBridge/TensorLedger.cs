using System.Collections.Concurrent;
using System.Diagnostics;

namespace TensorBridge;

/// <summary>An opt-in list of every living <see cref="TensorHandle"/> with the place that made it, to find leaks.</summary>
/// <remarks>Off by default: each entry costs a stack trace. It holds handles weakly, so it never keeps memory alive itself.</remarks>
public static class TensorLedger
{
    private static readonly ConcurrentDictionary<long, Entry> Entries = new();
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<TensorHandle, object> Keys = [];
    private static long _next;

    /// <summary>Whether handles made from now on are listed. Handles made before stay out.</summary>
    public static bool IsEnabled { get; set; }

    /// <summary>The handles that are alive now, oldest first: what each is and the stack that made it.</summary>
    public static IReadOnlyList<(string Tensor, string Origin)> Live =>
        [.. Entries.OrderBy(e => e.Key).Select(e => (e.Value.Tensor, e.Value.Origin.ToString()))];

    internal static void Add(TensorHandle handle)
    {
        if (!IsEnabled)
            return;
        long key = Interlocked.Increment(ref _next);
        Keys.Add(handle, key);
        Entries[key] = new Entry(handle.ToString(), new StackTrace(2, fNeedFileInfo: true));
    }

    internal static void Remove(TensorHandle handle)
    {
        if (!Entries.IsEmpty && Keys.TryGetValue(handle, out object? key))
            Entries.TryRemove((long)key, out _);
    }

    private sealed record Entry(string Tensor, StackTrace Origin);
}
