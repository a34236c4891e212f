using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Copying;

/// <summary>What the planner has to know about an accelerator.</summary>
/// <param name="Multiprocessors">Fewer blocks than this leave part of the device idle.</param>
/// <param name="HasNativeHalf">True where binary16 is converted by an instruction that rounds to nearest even.</param>
internal readonly record struct DeviceTraits(int Multiprocessors, bool HasNativeHalf)
{
    /// <summary>A data-centre GPU, for listings without a device.</summary>
    public static DeviceTraits Typical => new(132, true);

    public static DeviceTraits Of(Accelerator accelerator) =>
        new(accelerator.NumMultiprocessors, accelerator.AcceleratorType == AcceleratorType.Cuda);
}
