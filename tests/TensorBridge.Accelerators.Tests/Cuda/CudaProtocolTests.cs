using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;
using TensorBridge.DLPack;
using Interface = TensorBridge.ArrayInterface;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Device memory through the protocols, in and out: one address all the way.</summary>
public sealed unsafe class CudaProtocolTests : StandInTest
{
    private readonly ForeignLibrary _library;
    private readonly CudaBridge _bridge;

    public CudaProtocolTests(StandInFixture fixture)
        : base(fixture)
    {
        _library = new ForeignLibrary();
        _bridge = CudaBridge.Create();
    }

    public override void Dispose()
    {
        _bridge.Dispose();
        _library.Dispose();
        base.Dispose();
    }

    [Theory]
    [InlineData("'version': 0")]
    [InlineData("'version': 1, 'mask': None")]
    [InlineData("'version': 2, 'strides': None")]
    [InlineData("'version': 2, 'strides': (16, 4)")]
    [InlineData("'version': 3, 'strides': None, 'stream': 1")]
    [InlineData("'version': 3, 'stream': None")]
    public void EveryVersionOfTheCudaArrayInterfaceIsUsedInPlace(string rest)
    {
        nuint address = _library.Allocate(48);
        FakeCuda.Bytes<float>(address, 12).Fill(1);
        string text = $"{{'shape': (3, 4), 'typestr': '<f4', 'data': ({address}, False), {rest}}}";
        using TensorHandle tensor = _bridge.Import(Interface.Open(text, kind: ArrayInterfaceKind.Cuda));
        ArrayView2D<float, Stride2D.General> view = _bridge.View2D<float>(tensor);
        Assert.Equal((nint)address, view.BaseView.LoadEffectiveAddressAsPtr());
        using (_bridge.Activate())
            _bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(12, _bridge.View<float>(tensor));
        _bridge.Synchronize();
        Assert.All(FakeCuda.Bytes<float>(address, 12).ToArray(), value => Assert.Equal(2, value));
    }

    [Fact]
    public void TheStreamOfTheDictionaryIsWaitedFor()
    {
        nint producer = _library.CreateStream();
        using CudaStream stream = _bridge.CreateStream();
        nuint address = _library.Allocate(32);
        FakeCuda.Bytes<float>(address, 8).Fill(100);
        _library.Fill(address, 0, 32, producer);
        using TensorHandle tensor = _bridge.Import(Interface.Open($"{{'shape': (8,), 'typestr': '<f4', 'data': ({address}, False), 'version': 3, 'stream': {producer}}}", kind: ArrayInterfaceKind.Cuda));
        using (_bridge.Activate())
            _bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(stream, 8, _bridge.View<float>(tensor, stream));
        Assert.Equal(0, _library.Inside(() => FakeCuda.cuStreamSynchronize(stream.StreamPtr)));
        Assert.Equal(1, FakeCuda.Bytes<float>(address, 8)[0]);
    }

    [Fact]
    public void ReadOnlyDictionariesStayReadOnly()
    {
        nuint address = _library.Allocate(32);
        using TensorHandle tensor = _bridge.Import(Interface.Open($"{{'shape': (8,), 'typestr': '<f4', 'data': ({address}, True), 'version': 2}}", kind: ArrayInterfaceKind.Cuda));
        Assert.True(tensor.IsReadOnly);
        Assert.Contains("read-only", Assert.Throws<TensorLayoutException>(() => _bridge.View<float>(tensor)).Message);
        Assert.Equal(8, _bridge.ReadOnlyView<float>(tensor).Length);
    }

    [Fact]
    public void AnExportSaysItsStreamAndNeverZero()
    {
        using CudaStream stream = _bridge.CreateStream();
        using TensorHandle tensor = _bridge.Allocate<float>(2, 3);
        Dictionary<string, object?> plain = Interface.ToDictionary(tensor, ArrayInterfaceKind.Cuda);
        Assert.Equal(3, Convert.ToInt32(plain["version"]));
        Assert.Null(plain.GetValueOrDefault("stream"));
        using TensorHandle pending = _bridge.Export(_bridge.View<float>(tensor, stream), [2, 3], stream: stream);
        Assert.Equal(stream.StreamPtr, (nint)Convert.ToInt64(Interface.ToDictionary(pending, ArrayInterfaceKind.Cuda)["stream"]));
        using TensorHandle byDefault = _bridge.Export(_bridge.View<float>(tensor), [2, 3]);
        Assert.Equal(1, Convert.ToInt64(Interface.ToDictionary(byDefault, ArrayInterfaceKind.Cuda)["stream"]));
        using TensorHandle again = _bridge.Import(Interface.Open(Interface.ToText(pending, ArrayInterfaceKind.Cuda), kind: ArrayInterfaceKind.Cuda));
        Assert.Equal((tensor.Data, stream.StreamPtr), (again.Data, again.Descriptor.Stream));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(13)]
    public void DLPackCarriesDevicePinnedAndManagedMemory(int deviceType)
    {
        TensorHandle tensor = deviceType switch
        {
            3 => _bridge.AllocatePinned(DType.Float32, [2, 3]),
            13 => _bridge.AllocateManaged(DType.Float32, [2, 3]),
            _ => _bridge.Allocate<float>(2, 3),
        };
        nuint address = tensor.Data;
        DLManagedTensorVersioned* managed = DLPackExporter.ToManagedTensor(tensor);
        Assert.Equal((deviceType, 0), ((int)managed->dl_tensor.device.device_type, managed->dl_tensor.device.device_id));
        Assert.Equal(address, (nuint)managed->dl_tensor.data);

        // C# is done with it while the consumer still holds it: the memory waits.
        tensor.Dispose();
        using (TensorHandle imported = _bridge.Import(DLPackImporter.Import(managed)))
        {
            Assert.Equal(address, imported.Data);
            Assert.Equal((nint)address, _bridge.View<float>(imported).LoadEffectiveAddressAsPtr());
            Assert.NotEqual(CudaMemoryKind.Unknown, CudaPointer.Probe(address).Kind);
        }

        Eventually(() => CudaPointer.Probe(address).Kind, kind => kind == CudaMemoryKind.Unknown);
    }

    [Fact]
    public void ALieAboutTheMemoryIsFound()
    {
        float* host = stackalloc float[4];
        string text = $"{{'shape': (4,), 'typestr': '<f4', 'data': ({(nuint)host}, False), 'version': 3}}";
        using TensorHandle lie = Interface.Open(text, kind: ArrayInterfaceKind.Cuda);
        Assert.Contains("ordinary host memory", Assert.Throws<TensorDeviceException>(() => _bridge.Import(lie)).Message);
    }

    [Fact]
    public void TheTrueDeviceOfADictionaryIsAskedFor()
    {
        using var other = new ForeignLibrary(1);
        using CudaBridge second = CudaBridge.Create(1);
        nuint address = other.Allocate(16);
        string text = $"{{'shape': (4,), 'typestr': '<f4', 'data': ({address}, False), 'version': 3}}";
        using (TensorHandle tensor = second.Import(Interface.Open(text, kind: ArrayInterfaceKind.Cuda)))
            Assert.Equal(Device.Cuda(1), tensor.Device);
        using TensorHandle stray = Interface.Open(text, kind: ArrayInterfaceKind.Cuda);
        Assert.Contains("cuda:1", Assert.Throws<TensorDeviceException>(() => _bridge.Import(stray)).Message);
    }
}
