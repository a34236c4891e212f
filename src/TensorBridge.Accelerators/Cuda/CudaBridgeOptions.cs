using ILGPU;

namespace TensorBridge.Accelerators;

/// <summary>Choices for a <see cref="CudaBridge"/>.</summary>
public sealed record CudaBridgeOptions
{
    /// <summary>How streams are ordered where a call does not say.</summary>
    public CudaStreamPolicy StreamPolicy { get; init; } = CudaStreamPolicy.EventOrdered;

    /// <summary>Bytes of one chunk of the page-locked ring through which pageable and strided host memory travels.</summary>
    public int StagingChunkBytes { get; init; } = 4 << 20;

    /// <summary>Chunks of the ring: packing of one overlaps the transfer of the others.</summary>
    public int StagingChunks { get; init; } = 3;

    /// <summary>Further set-up of the ILGPU context, for example <c>builder => builder.EnableAlgorithms()</c>.</summary>
    public Action<Context.Builder>? Configure { get; init; }
}
