using System.Runtime.InteropServices;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_import_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RawImportOptions
{
    /// <summary>The protocol to use.</summary>
    public ArrayProtocol Via;

    /// <summary>Nonzero: the caller vouches that a DLPack tensor in the old form may be written.</summary>
    public int Writable;

    /// <summary>The consumer's stream as <c>__dlpack__</c> numbers it; 0 for the default one.</summary>
    public long Stream;
}
