using ILGPU;
using ILGPU.Runtime;
using TensorBridge.DLPack;

namespace TensorBridge.Accelerators.Tests.OpenCl;

/// <summary>A real OpenCL driver, where there is one.</summary>
public sealed class OpenClBridgeTests : IDisposable
{
    private static readonly Lazy<string> Missing = new(() =>
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
    });

    private readonly OpenClBridge? _made;

    public OpenClBridgeTests() => _made = Missing.Value.Length == 0 ? OpenClBridge.Create() : null;

    private OpenClBridge Bridge
    {
        get
        {
            Assert.SkipUnless(_made is not null, Missing.Value);
            return _made!;
        }
    }

    public void Dispose() => _made?.Dispose();

    [Fact]
    public void AMissingDeviceIsNamed()
    {
        TensorDeviceException error = Assert.Throws<TensorDeviceException>(() => OpenClBridge.Create(99));
        Assert.Contains("OpenCL device 99", error.Message);
        Assert.Contains("libOpenCL.so.1", error.Message);
    }

    [Fact]
    public void AForeignBufferIsRefusedWithTheReason()
    {
        using var foreign = new TensorHandle(new TensorDescriptor(0x1234, DType.Float32, Layout.Contiguous([4], 4), Bridge.Device));
        Assert.Contains("belongs to its context", Assert.Throws<TensorDeviceException>(() => Bridge.View<float>(foreign)).Message);
        using TensorHandle own = Bridge.Allocate<float>(4);
        Assert.Contains("belongs to its context", Assert.Throws<TensorDeviceException>(() => Bridge.Copy(foreign, own)).Message);
    }

    [Fact]
    public void KernelsWorkOnAllocatedTensorsAndTheirParts()
    {
        using TensorHandle tensor = Bridge.Allocate<float>(4, 6);
        var host = new HostMemory(96);
        for (int i = 0; i < 24; i++)
            host.As<float>(24)[i] = i;
        using TensorHandle values = host.Tensor(DType.Float32, [4, 6], [24, 4]);
        Bridge.Copy(values, tensor);
        using TensorHandle part = tensor[1..3];
        Bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Cuda.Kernels.AddOne)(12, Bridge.View<float>(part));
        Bridge.Accelerator.Synchronize();
        Bridge.Copy(tensor, values);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i is >= 6 and < 18 ? i + 1f : i), host.As<float>(24).ToArray());
    }

    [Fact]
    public void StridedViewsReachNegativeStrides()
    {
        var host = new HostMemory(48);
        for (int i = 0; i < 12; i++)
            host.As<int>(12)[i] = i;
        using TensorHandle values = host.Tensor(DType.Int32, [3, 4], [16, 4]);
        using TensorHandle tensor = Bridge.Allocate<int>(3, 4);
        Bridge.Copy(values, tensor);
        using TensorHandle turned = new(new TensorDescriptor(tensor.Data + 32, DType.Int32, new Layout([3, 2], [-16, 8], 4), tensor.Device), tensor.OwnerAs<MemoryBuffer>());
        Bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, StridedView<int, Rank2>>(Cuda.Kernels.NegateStrided)(6, Bridge.Strided<int, Rank2>(turned));
        Bridge.Copy(tensor, values);
        Assert.Equal([0, 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11], host.As<int>(12).ToArray());
    }

    [Fact]
    public void CopiesTakeAnyStridesAndConvert()
    {
        var host = new HostMemory(15 * 8);
        for (int i = 0; i < 15; i++)
            host.As<double>(15)[i] = i * 0.5;
        using TensorHandle doubles = host.Tensor(DType.Float64, [3, 5], [40, 8]);
        using TensorHandle singles = Bridge.Allocate<float>(5, 3);
        using TensorHandle transposed = singles.T;
        Bridge.Copy(doubles, transposed);
        using TensorHandle wide = Bridge.Allocate<double>(3, 5);
        Bridge.Copy(transposed, wide);
        host.As<double>(15).Clear();
        Bridge.Copy(wide, doubles);
        Assert.Equal(Enumerable.Range(0, 15).Select(i => i * 0.5), host.As<double>(15).ToArray());
    }

    [Fact]
    public void AnIlgpuViewIsExportedAndUsed()
    {
        using MemoryBuffer1D<float, Stride1D.Dense> buffer = Bridge.Accelerator.Allocate1D(Enumerable.Range(0, 8).Select(i => (float)i).ToArray());
        using TensorHandle export = Bridge.Export(buffer.View.SubView(2, 6).AsContiguous(), [2, 3]);
        var host = new HostMemory(24);
        using TensorHandle values = host.Tensor(DType.Float32, [2, 3], [4, 8]);
        Bridge.Copy(export, values);
        Assert.Equal([2, 5, 3, 6, 4, 7], host.As<float>(6).ToArray());
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Bridge.View<float>(export));
    }

    [Fact]
    public unsafe void DLPackSaysTheHandleAndTheOffset()
    {
        using MemoryBuffer1D<float, Stride1D.Dense> buffer = Bridge.Accelerator.Allocate1D<float>(8);
        using TensorHandle export = Bridge.Export(buffer.View.SubView(2, 6).AsContiguous(), [2, 3]);
        using TensorHandle part = export[1..];
        using TensorHandle own = Bridge.Allocate<float>(2, 3);
        using TensorHandle ownPart = own[1..];
        foreach ((TensorHandle tensor, nuint handle, ulong offset) in new[] { (export, (nuint)buffer.NativePtr, 8UL), (part, (nuint)buffer.NativePtr, 20UL), (own, own.Data, 0UL), (ownPart, own.Data, 12UL) })
        {
            DLManagedTensorVersioned* exported = DLPackExporter.ToManagedTensor(tensor);
            Assert.Equal((handle, offset), ((nuint)exported->dl_tensor.data, exported->dl_tensor.byte_offset));
            Assert.Equal(DLDeviceType.kDLOpenCL, exported->dl_tensor.device.device_type);
            exported->deleter(exported);
        }
    }
}
