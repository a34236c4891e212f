using System.Runtime.InteropServices;

namespace TensorBridge.Python.Native;

/// <summary>The mirror of <c>tb_statistics</c>: counts of blocks since the start of the process.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RawStatistics
{
    /// <summary>Blocks made.</summary>
    public long Created;

    /// <summary>Blocks whose producer was released.</summary>
    public long Released;

    /// <summary>Managed producers that were not released because this is a forked child.</summary>
    public long Skipped;

    /// <summary>Blocks that wait for the GIL now.</summary>
    public long Queued;
}
