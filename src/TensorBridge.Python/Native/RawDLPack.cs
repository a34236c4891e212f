using System.Runtime.InteropServices;
using TensorBridge.DLPack;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_raw_dlpack</c>: what a DLPack struct says, for both of its forms.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RawDLPack
{
    /// <summary>The tensor.</summary>
    public DLTensor* Tensor;

    /// <summary>Flags of the versioned struct.</summary>
    public ulong Flags;

    /// <summary>0 for the struct of before 1.0, which cannot say read-only.</summary>
    public uint VersionMajor;

    /// <summary>The minor version.</summary>
    public uint VersionMinor;

    /// <summary>Nonzero: the caller vouches that a tensor in the old form may be written.</summary>
    public int Writable;

    /// <summary>0.</summary>
    public int Reserved;

    /// <summary>The stream on which the memory is ready; 0 for none.</summary>
    public ulong Stream;
}
