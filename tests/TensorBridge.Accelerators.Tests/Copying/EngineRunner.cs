using ILGPU.Runtime;
using TensorBridge.Accelerators.Copying;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>Plans and executes a case on an engine, given the places of both blocks.</summary>
internal static class EngineRunner
{
    /// <summary>One multiprocessor: small problems get the kernels of large ones.</summary>
    public static DeviceTraits Traits => new(Multiprocessors: 1, HasNativeHalf: false);

    public static IReadOnlyList<string> Run(DeviceCopyEngine engine, Accelerator accelerator, CopyCase copy, DeviceMemory source, DeviceMemory destination)
    {
        DeviceMemory from = source.Offset(copy.Source.Start);
        DeviceMemory to = destination.Offset(copy.Destination.Start);
        engine.Copy(copy.Op, copy.Source.Shape, copy.Source.Strides, copy.Destination.Strides, from, to, accelerator.DefaultStream);
        accelerator.Synchronize();
        if (!DeviceCopyEngine.IsAligned(copy.Op, copy.Source.Shape, copy.Source.Strides, copy.Destination.Strides, from, to))
            return ["misaligned"];
        Plan plan = Planner.GetOrCreate(copy.Op, copy.Source.Shape, copy.Source.Strides, copy.Destination.Strides, (nint)from.Place, (nint)to.Place);
        return [.. engine.KernelsOf(plan, from, to).Select(kernel => kernel.Kernel.Name)];
    }
}
