using System.Runtime.InteropServices;
using TensorBridge.Interop;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_native_api</c>: what the core library offers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeApi
{
    /// <summary>The version of the ABI that this assembly was built for.</summary>
    public const int ExpectedAbiVersion = 1;

    /// <summary>How many sizes are compared.</summary>
    public const int ExpectedSizeCount = 12;

    /// <summary>Bytes of this struct.</summary>
    public long Size;

    /// <summary>The version of the ABI.</summary>
    public int AbiVersion;

    /// <summary>How many sizes follow.</summary>
    public int SizeCount;

    /// <summary>Bytes of the shared structs, in the order of the header.</summary>
    public fixed int Sizes[ExpectedSizeCount];

    /// <summary>A block with one reference that copies a tensor's description.</summary>
    public delegate* unmanaged<RawTensor*, int, delegate* unmanaged<nint, void>, nint, nint> BlockCreate;

    /// <summary>A block with one reference for another view of a block's memory, of which it holds a reference.</summary>
    public delegate* unmanaged<RawTensor*, nint, nint> BlockView;

    /// <summary>Takes one more reference.</summary>
    public delegate* unmanaged<nint, nint> BlockRef;

    /// <summary>Drops a reference; any thread.</summary>
    public delegate* unmanaged<nint, void> BlockDrop;

    /// <summary>What a block describes.</summary>
    public delegate* unmanaged<nint, RawTensor*> BlockTensor;

    /// <summary>Memory for results.</summary>
    public delegate* unmanaged<long, nint> Allocate;

    /// <summary>Frees it.</summary>
    public delegate* unmanaged<nint, void> Free;

    /// <summary>Registers the managed table.</summary>
    public delegate* unmanaged<ManagedApi*, int> RegisterManaged;

    /// <summary>The extension module's table, or NULL while it is not imported.</summary>
    public delegate* unmanaged<PythonApi*> Python;

    /// <summary>Nonzero in a forked child.</summary>
    public delegate* unmanaged<int> IsForkedChild;

    /// <summary>Releases what waits for the GIL, which the caller holds.</summary>
    public delegate* unmanaged<void> DrainReleases;

    /// <summary>Counts of blocks.</summary>
    public delegate* unmanaged<RawStatistics*, void> GetStatistics;

    /// <summary>Says what does not fit, or null when everything does.</summary>
    public static string? Check(NativeApi* native)
    {
        if (native->AbiVersion != ExpectedAbiVersion)
            return $"libtensorbridge has ABI version {native->AbiVersion}, TensorBridge.Python.dll needs {ExpectedAbiVersion}";
        if (native->Size != sizeof(NativeApi) || native->SizeCount != ExpectedSizeCount)
            return $"libtensorbridge has a table of {native->Size} bytes, TensorBridge.Python.dll expects {sizeof(NativeApi)}";
        ReadOnlySpan<int> expected =
        [
            sizeof(RawTensor), sizeof(RawError), native->Sizes[2], sizeof(RawValue), sizeof(RawBuffer), sizeof(RawArrayStruct),
            sizeof(RawDLPack), sizeof(RawDTypeInfo), sizeof(RawOperationInfo), sizeof(ManagedApi), sizeof(PythonApi), sizeof(RawImportOptions),
        ];
        for (int i = 0; i < expected.Length; i++)
        {
            if (native->Sizes[i] != expected[i])
                return $"struct {i} of the ABI has {native->Sizes[i]} bytes in libtensorbridge and {expected[i]} in TensorBridge.Python.dll; both must come from one build";
        }

        return null;
    }
}
