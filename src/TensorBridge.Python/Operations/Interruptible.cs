using TensorBridge.Copying;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>Lets Ctrl-C reach long operations.</summary>
internal static unsafe class Interruptible
{
    /// <summary>Copy options that look for signals after each slice of a large copy.</summary>
    public static CopyOptions Options { get; } = CopyOptions.Default with { Progress = static (_, _) => ThrowIfInterrupted() };

    /// <summary>Runs Python's pending signal handlers. Long loops call it a few times per second, without the GIL.</summary>
    /// <exception cref="OperationCanceledException">A handler raised: its exception is set and Python raises it when the call returns.</exception>
    public static void ThrowIfInterrupted()
    {
        PythonApi* python = NativeCore.IsLoaded ? NativeCore.Api->Python() : null;
        if (python is not null && python->CheckSignals() != 0)
            throw new OperationCanceledException("interrupted by a signal handler");
    }
}
