using System.Runtime.InteropServices;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>ILGPU's CPU accelerator: kernel logic and bounds.</summary>
internal sealed unsafe class HostExecutor : ICopyExecutor
{
    private readonly HostBridge _bridge;
    private readonly DeviceCopyEngine _engine;

    public HostExecutor()
    {
        // Bounds violations in ILGPU's views end the process unless a listener throws.
        ThrowingTraceListener.Install();
        _bridge = HostBridge.Create();
        _engine = new DeviceCopyEngine(_bridge.Accelerator, EngineRunner.Traits);
    }

    public (byte[] Destination, IReadOnlyList<string> Kernels) Run(CopyCase copy, byte[] source, byte[] destination)
    {
        byte* from = (byte*)NativeMemory.AlignedAlloc((nuint)(source.Length + 32), 256);
        byte* to = (byte*)NativeMemory.AlignedAlloc((nuint)(destination.Length + 32), 256);
        try
        {
            source.CopyTo(new Span<byte>(from + copy.SourceShift, source.Length));
            destination.CopyTo(new Span<byte>(to + copy.DestinationShift, destination.Length));
            IReadOnlyList<string> kernels = EngineRunner.Run(_engine, _bridge.Accelerator, copy, _engine.At((nuint)(from + copy.SourceShift)), _engine.At((nuint)(to + copy.DestinationShift)));
            return (new Span<byte>(to + copy.DestinationShift, destination.Length).ToArray(), kernels);
        }
        finally
        {
            NativeMemory.AlignedFree(from);
            NativeMemory.AlignedFree(to);
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _bridge.Dispose();
    }
}
