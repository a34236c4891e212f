using TensorBridge.Copying;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.Operations;

/// <summary>A Python object that is called with the bytes written and the bytes in all while a copy runs.</summary>
/// <param name="callable">The object, which the caller of the operation holds; 0 for none.</param>
internal sealed unsafe class ProgressCallback(nint callable)
{
    private bool _isComplete;

    /// <summary>Options for the copy: they call the object and look for signals after each slice.</summary>
    public CopyOptions Options => callable == 0 ? Interruptible.Options : CopyOptions.Default with { Progress = Report };

    /// <summary>Reports the end, which small copies do not do by themselves.</summary>
    /// <exception cref="OperationCanceledException">The object raised: its exception is set and Python raises it when the call returns.</exception>
    public TensorHandle Finish(TensorHandle result)
    {
        if (callable == 0 || _isComplete)
            return result;
        try
        {
            Report(result.Descriptor.ByteLength, result.Descriptor.ByteLength);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private void Report(long done, long total)
    {
        _isComplete = done == total;
        if (NativeCore.Api->Python()->CallProgress(callable, done, total) != 0)
            throw new OperationCanceledException("stopped by the progress callback");
        Interruptible.ThrowIfInterrupted();
    }
}
