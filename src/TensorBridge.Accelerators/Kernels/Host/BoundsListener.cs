using System.Diagnostics;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>Makes an exception of a failed assertion inside a kernel.</summary>
/// <remarks>
/// ILGPU checks indices by <see cref="Trace.Assert(bool, string)"/>, and the default listener ends the process. This one stands
/// before all others and throws, on threads that are running a kernel of ours and nowhere else: assertions of the
/// rest of the process go where they always went.
/// </remarks>
internal sealed class BoundsListener : TraceListener
{
    private static readonly BoundsListener Instance = new();
    private static readonly Lock Gate = new();

    [ThreadStatic]
    private static int _depth;

    /// <summary>Begins kernel code on this thread.</summary>
    public static void Enter()
    {
        // Programs may clear the list; without this listener an index out of range would end the process or the memory.
        TraceListenerCollection listeners = Trace.Listeners;
        if (listeners.Count == 0 || !ReferenceEquals(listeners[0], Instance))
            Install(listeners);
        _depth++;
    }

    /// <summary>Ends kernel code on this thread.</summary>
    public static void Exit() => _depth--;

    /// <inheritdoc/>
    public override void Fail(string? message, string? detailMessage)
    {
        if (_depth == 0)
            return;
        string text = string.IsNullOrEmpty(message) ? "a check of ILGPU failed" : message;
        throw text.Contains("out of", StringComparison.OrdinalIgnoreCase)
            ? new IndexOutOfRangeException(text)
            : new InvalidOperationException(text);
    }

    /// <inheritdoc/>
    public override void Fail(string? message) => Fail(message, null);

    /// <inheritdoc/>
    public override void Write(string? message)
    {
        // Only failures concern this listener.
    }

    /// <inheritdoc/>
    public override void WriteLine(string? message)
    {
        // Only failures concern this listener.
    }

    private static void Install(TraceListenerCollection listeners)
    {
        lock (Gate)
        {
            if (listeners.Count > 0 && ReferenceEquals(listeners[0], Instance))
                return;
            listeners.Remove(Instance);
            listeners.Insert(0, Instance);
        }
    }
}
