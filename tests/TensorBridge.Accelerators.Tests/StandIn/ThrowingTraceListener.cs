using System.Diagnostics;

namespace TensorBridge.Accelerators.Tests.StandIn;

/// <summary>ILGPU's assertions are live in its package and end the process; here they become exceptions.</summary>
internal sealed class ThrowingTraceListener : TraceListener
{
    public static void Install()
    {
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new ThrowingTraceListener());
    }

    public override void Fail(string? message, string? detailMessage) => throw new InvalidOperationException($"assertion failed: {message} {detailMessage}");

    public override void Write(string? message)
    {
    }

    public override void WriteLine(string? message)
    {
    }
}
