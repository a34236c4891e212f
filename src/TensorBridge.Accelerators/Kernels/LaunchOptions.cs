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

    /// <summary>The accelerator to launch on; null for the module's own on <see cref="Device"/>.</summary>
    public AcceleratorBridge? Accelerator { get; init; }

    /// <summary>The device to launch on, where the data could be used from several; null to follow the data.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// The stream to launch on, of <see cref="Accelerator"/>. The launch then returns at once; without one it runs on the
    /// stream of the first tensor that has one, and waits when there is none.
    /// </summary>
    public AcceleratorStream? Stream { get; init; }

    /// <summary>A CUDA stream of somebody else to launch on: 1 the legacy default stream, 2 the per-thread one, else a handle.</summary>
    public nint? StreamHandle { get; init; }

    /// <summary>Stops a launch on the host after the chunks, or the emulated threads, that are running.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Called about every 50 ms on the caller's thread while a long launch on the host runs; what it throws ends the launch.</summary>
    public Action? Checkpoint { get; init; }
}
