using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Kernels;

/// <summary>What a launch does not take from its arguments.</summary>
public sealed record LaunchOptions
{
    internal static readonly LaunchOptions Default = new();

    /// <summary>The index space, one length per axis of the kernel's index; null to take it from the tensors.</summary>
    public IReadOnlyList<long>? Extent { get; init; }

    /// <summary>The number of groups of an explicitly grouped kernel.</summary>
    public Index3D? Grid { get; init; }

    /// <summary>The threads of one group of an explicitly grouped kernel.</summary>
    public Index3D? Group { get; init; }

    /// <summary>Who runs the kernel on host memory.</summary>
    public KernelEngine Engine { get; init; }

    /// <summary>The accelerator to launch on; null to follow the data.</summary>
    public AcceleratorBridge? Accelerator { get; init; }

    /// <summary>The stream to launch on, of <see cref="Accelerator"/>; null for its default stream, which the launch then waits for.</summary>
    public AcceleratorStream? Stream { get; init; }

    /// <summary>Stops a launch of the host engine after the chunks that are running.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called about every 50 ms on the caller's thread while a long launch of the host engine runs; what it throws ends the launch.</summary>
    public Action? Checkpoint { get; init; }
}
