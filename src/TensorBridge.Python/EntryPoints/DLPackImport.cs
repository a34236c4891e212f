using TensorBridge.DLPack;
using TensorBridge.Interop;
using TensorBridge.Python.Native;

namespace TensorBridge.Python.EntryPoints;

/// <summary>A DLPack tensor as a raw one.</summary>
internal static unsafe class DLPackImport
{
    /// <summary>Validates a tensor; its shape and strides have room for the rank it states.</summary>
    /// <inheritdoc cref="DLPackValidator.Read(in DLTensor, ulong, ulong, ref RawTensor)" path="/exception"/>
    public static void Read(in RawDLPack raw, ref RawTensor tensor)
    {
        ulong flags = raw.Flags;
        if (raw.VersionMajor == 0)
            flags = raw.Writable != 0 ? 0 : DLPackConstants.DLPACK_FLAG_BITMASK_READ_ONLY;
        DLPackValidator.Read(in *raw.Tensor, flags, raw.Stream, ref tensor);
    }
}
