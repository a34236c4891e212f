using ILGPU;

namespace TensorBridge.Accelerators;

/// <summary>Choices for a <see cref="CudaBridge"/>.</summary>
public sealed record CudaBridgeOptions
{
    private readonly int _stagingChunkBytes = 4 << 20;
    private readonly int _stagingChunks = 3;

    /// <summary>How streams are ordered where a call does not say.</summary>
    public CudaStreamPolicy StreamPolicy { get; init; } = CudaStreamPolicy.EventOrdered;

    /// <summary>Bytes of one chunk of the page-locked ring through which pageable and strided host memory travels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 256.</exception>
    public int StagingChunkBytes
    {
        get => _stagingChunkBytes;
        init => _stagingChunkBytes = value >= 256 ? value : throw new ArgumentOutOfRangeException(nameof(StagingChunkBytes), value, "a chunk has 256 bytes or more");
    }

    /// <summary>Chunks of the ring: packing of one overlaps the transfer of the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int StagingChunks
    {
        get => _stagingChunks;
        init => _stagingChunks = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(StagingChunks), value, "the ring has one chunk or more");
    }

    /// <summary>Further set-up of the ILGPU context, for example <c>builder => builder.EnableAlgorithms()</c>.</summary>
    public Action<Context.Builder>? Configure { get; init; }
}
