using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>An OpenCL driver: a second back end, where blocks and threads really run beside each other.</summary>
internal sealed class OpenClExecutor : ICopyExecutor
{
    private readonly OpenClBridge _bridge = OpenClBridge.Create();
    private readonly DeviceCopyEngine _engine;

    public OpenClExecutor() => _engine = new DeviceCopyEngine(_bridge.Accelerator, EngineRunner.Traits);

    /// <summary>Why there is no driver; empty when there is one.</summary>
    public static string Missing { get; } = Find();

    public (byte[] Destination, IReadOnlyList<string> Kernels) Run(CopyCase copy, byte[] source, byte[] destination)
    {
        using MemoryBuffer from = _bridge.Accelerator.AllocateRaw(source.Length + copy.SourceShift, 1);
        using MemoryBuffer to = _bridge.Accelerator.AllocateRaw(destination.Length + copy.DestinationShift, 1);
        ArrayView<byte> destinationView = to.AsRawArrayView(copy.DestinationShift);
        from.AsRawArrayView(copy.SourceShift).CopyFromCPU(source);
        destinationView.CopyFromCPU(destination);
        IReadOnlyList<string> kernels = EngineRunner.Run(_engine, _bridge.Accelerator, copy, _engine.At(from).Offset(copy.SourceShift), _engine.At(to).Offset(copy.DestinationShift));
        byte[] result = new byte[destination.Length];
        destinationView.CopyToCPU(result);
        return (result, kernels);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _bridge.Dispose();
    }

    private static string Find()
    {
        try
        {
            OpenClBridge.Create().Dispose();
            return "";
        }
        catch (TensorDeviceException error)
        {
            return error.Message;
        }
    }
}
