using System.Runtime.InteropServices;
using TensorBridge.Interop;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_managed_api</c>: what the native side calls.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ManagedApi
{
    /// <summary>Bytes of this struct.</summary>
    public long Size;

    /// <summary>Validates a buffer.</summary>
    public delegate* unmanaged<RawBuffer*, RawTensor*, RawError*, int> ImportBuffer;

    /// <summary>Validates an array struct.</summary>
    public delegate* unmanaged<RawArrayStruct*, RawTensor*, RawError*, int> ImportArrayStruct;

    /// <summary>Validates a DLPack tensor.</summary>
    public delegate* unmanaged<RawDLPack*, RawTensor*, RawError*, int> ImportDLPack;

    /// <summary>Validates an interface dictionary in text form.</summary>
    public delegate* unmanaged<byte*, long, int, RawTensor*, RawError*, int> ImportInterface;

    /// <summary>Spells an element type.</summary>
    public delegate* unmanaged<int, RawDTypeInfo*, RawError*, int> DTypeInfo;

    /// <summary>How many operations there are.</summary>
    public delegate* unmanaged<int> OperationCount;

    /// <summary>Describes an operation.</summary>
    public delegate* unmanaged<int, RawOperationInfo*, int> OperationInfo;

    /// <summary>Runs an operation.</summary>
    public delegate* unmanaged<int, RawValue*, int, RawValue*, RawError*, int> Call;

    /// <summary>Makes a consumer's stream wait for a tensor's pending work.</summary>
    public delegate* unmanaged<RawTensor*, long, RawError*, int> OrderStream;

    /// <summary>The interpreter ends.</summary>
    public delegate* unmanaged<void> Shutdown;
}
