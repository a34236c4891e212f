using System.Numerics.Tensors;
using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Copying;

namespace TensorBridge.Samples;

/// <summary>A .npy file in big-endian order goes to an accelerator: mapped, swapped in one pass, then shown to a kernel.</summary>
internal static class BigEndianFile
{
    public static void Run()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npy");
        using (TensorHandle values = TensorHandle.From(new float[] { 1, 2, 3, 4 }))
            Npy.Save(path, values, type: DType.Parse(">f4"));

        using AcceleratorBridge bridge = CudaBridge.DeviceCount > 0 ? CudaBridge.Create() : HostBridge.Create();
        using TensorHandle mapped = Npy.Open(path);                             // reads the header only
        using TensorHandle swapped = TensorCopy.Cast(mapped, DType.Float32);    // this machine's order
        using TensorHandle x = ToDevice(bridge, swapped);
        using TensorHandle y = ToDevice(bridge, swapped);

        var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, float, ArrayView<float>, ArrayView<float>>(MyKernels.Saxpy);
        kernel((int)x.ElementCount, 10, bridge.View<float>(x), bridge.View<float>(y));
        bridge.Accelerator.Synchronize();
        Console.WriteLine($"{mapped.DType.TypeString} on {y.Device.Type}: {string.Join(", ", bridge.View<float>(y).GetAsArray())}");
        File.Delete(path);
    }

    private static TensorHandle ToDevice(AcceleratorBridge bridge, TensorHandle host)
    {
        TensorHandle device = bridge.Allocate<float>(host.Shape);
        float[] values = new float[host.ElementCount];
        host.AsTensorSpan<float>().FlattenTo(values);
        bridge.View<float>(device).CopyFromCPU(values);
        return device;
    }
}
