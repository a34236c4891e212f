using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>The driver stand-in with the PTX interpreter: the code that ILGPU really emits, with bounds and alignment checked at every access.</summary>
internal sealed class StandInExecutor : ICopyExecutor
{
    private readonly CudaBridge _bridge;
    private readonly DeviceCopyEngine _engine;

    public StandInExecutor()
    {
        _bridge = CudaBridge.Create();
        _engine = new DeviceCopyEngine(_bridge.Accelerator, EngineRunner.Traits with { HasNativeHalf = true });
    }

    public (byte[] Destination, IReadOnlyList<string> Kernels) Run(CopyCase copy, byte[] source, byte[] destination)
    {
        using CudaScope scope = _bridge.Activate();
        // No byte more than the case may touch: whatever reaches beyond is a fault.
        using MemoryBuffer from = _bridge.Accelerator.AllocateRaw(source.Length + copy.SourceShift, 1);
        using MemoryBuffer to = _bridge.Accelerator.AllocateRaw(destination.Length + copy.DestinationShift, 1);
        ArrayView<byte> sourceView = from.AsRawArrayView(copy.SourceShift);
        ArrayView<byte> destinationView = to.AsRawArrayView(copy.DestinationShift);
        sourceView.CopyFromCPU(source);
        destinationView.CopyFromCPU(destination);
        IReadOnlyList<string> kernels;
        try
        {
            kernels = EngineRunner.Run(_engine, _bridge.Accelerator, copy, _engine.At(from).Offset(copy.SourceShift), _engine.At(to).Offset(copy.DestinationShift));
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{copy}: {PtxLauncher.LastFault}", error);
        }
        byte[] result = new byte[destination.Length];
        destinationView.CopyToCPU(result);
        return (result, kernels);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _bridge.Dispose();
    }
}
