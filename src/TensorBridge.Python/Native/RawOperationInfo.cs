using System.Runtime.InteropServices;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_operation_info</c>. Texts are never freed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawOperationInfo
{
    /// <summary>The signature with the kinds of its parameters.</summary>
    public byte* Signature;

    /// <summary>The documentation.</summary>
    public byte* Documentation;

    /// <summary>1: the call keeps the GIL.</summary>
    public int Flags;

    /// <summary>0.</summary>
    public int Reserved;
}
