using System.Runtime.InteropServices;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_python_api</c>: what the extension module offers. The caller holds the GIL.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PythonApi
{
    /// <summary>Bytes of this struct.</summary>
    public long Size;

    /// <summary>Imports an object as a block with one reference; -1 and an error otherwise.</summary>
    public delegate* unmanaged<nint, RawImportOptions*, nint*, RawError*, int> ImportObject;

    /// <summary>A new <c>Tensor</c> object that takes a reference of its own to a block; NULL and an error otherwise.</summary>
    public delegate* unmanaged<nint, RawError*, nint> ExportBlock;

    /// <summary>Runs pending signal handlers (takes the GIL itself); -1 when one raised.</summary>
    public delegate* unmanaged<int> CheckSignals;

    /// <summary>Calls a callable with bytes written and bytes in all (takes the GIL itself); -1 when it raised.</summary>
    public delegate* unmanaged<nint, long, long, int> CallProgress;

    /// <summary>Moves the exception that is set on this thread into an error.</summary>
    public delegate* unmanaged<RawError*, void> FetchError;
}
