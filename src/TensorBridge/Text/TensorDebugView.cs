using System.Diagnostics.CodeAnalysis;

namespace TensorBridge;

/// <summary>What a debugger shows of a handle: its description and its values.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by the debugger.")]
internal sealed class TensorDebugView(TensorHandle handle)
{
    /// <summary>What the memory is; null once disposed.</summary>
    public TensorDescriptor? Descriptor => handle.IsDisposed ? null : handle.Descriptor;

    /// <summary>The values in NumPy's manner.</summary>
    public string Values => handle.IsDisposed ? handle.ToString() : handle.ToText();
}
