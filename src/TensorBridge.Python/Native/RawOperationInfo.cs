using System.Runtime.InteropServices;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_operation_info</c>. Texts are never freed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawOperationInfo
{
    /// <summary>In <see cref="Flags"/>: the call keeps the GIL.</summary>
    public const int KeepGil = 1;

    /// <summary>In <see cref="Flags"/>: the call keeps the GIL when all tensors among its arguments are small.</summary>
    public const int KeepGilWhenSmall = 2;

    /// <summary>The signature with the kinds of its parameters.</summary>
    public byte* Signature;

    /// <summary>The documentation.</summary>
    public byte* Documentation;

    /// <summary><see cref="KeepGil"/> and <see cref="KeepGilWhenSmall"/>.</summary>
    public int Flags;

    /// <summary>0.</summary>
    public int Reserved;
}
