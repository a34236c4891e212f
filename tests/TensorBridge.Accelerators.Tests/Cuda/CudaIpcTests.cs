using System.Diagnostics;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Device memory in two processes: the other side is a small C program that speaks plain driver API.</summary>
public sealed class CudaIpcTests : StandInTest
{
    private readonly CudaBridge _bridge;

    public CudaIpcTests(StandInFixture fixture)
        : base(fixture) => _bridge = CudaBridge.Create();

    public override void Dispose()
    {
        _bridge.Dispose();
        base.Dispose();
    }

    [Fact]
    public void AnotherProcessSeesAndChangesOurMemory()
    {
        using TensorHandle tensor = _bridge.Allocate<byte>(10, 10);
        FakeCuda.Bytes<byte>(tensor.Data, 100).Fill(40);
        using TensorHandle part = new(new TensorDescriptor(tensor.Data + 23, DType.UInt8, new Layout([3, 4], [10, 1], 1), tensor.Device), tensor);
        string[] token = _bridge.ShareIpc(part).Split('|');
        Assert.Equal("23", token[3]);
        using Process peer = Peer("open", token[2], "20", "5");
        peer.WaitForExit();
        Assert.Equal(0, peer.ExitCode);
        byte[] bytes = FakeCuda.Bytes<byte>(tensor.Data, 100).ToArray();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)(i is >= 20 and < 25 ? 41 : 40)), bytes);
    }

    [Fact]
    public void MemoryOfAnotherProcessIsOpenedInPlace()
    {
        using Process peer = Peer("offer", "64");
        string handle = peer.StandardOutput.ReadLine()!;
        using (TensorHandle opened = _bridge.OpenIpc($"cuda|1|{handle}|8|<u2|2,3|16,2|w"))
        {
            Assert.Equal("tensor[uint16, (2, 3), cuda:0, strides (16, 2)]", opened.ToString());
            Assert.Equal(1, FakeCuda.Live(FakeObject.ImportedMemory));
            Assert.Equal(0x0908, FakeCuda.Bytes<ushort>(opened.Data, 1)[0]);
            using TensorHandle zeros = _bridge.Allocate<ushort>(2, 3);
            FakeCuda.Bytes<ushort>(zeros.Data, 6).Clear();
            _bridge.Copy(zeros, opened);
            Assert.Contains("opened from another process", Assert.Throws<TensorDeviceException>(() => _bridge.ShareIpc(opened)).Message);
        }

        FakeCuda.Advance();
        Eventually(() => FakeCuda.Live(FakeObject.ImportedMemory), live => live == 0);
        peer.StandardInput.WriteLine();
        byte[] bytes = Convert.FromHexString(peer.StandardOutput.ReadLine()!);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (byte)(i is (>= 8 and < 14) or (>= 24 and < 30) ? 0 : i)), bytes);
        peer.WaitForExit();
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public void MemoryWithoutAHandleIsRefusedByName()
    {
        using TensorHandle ordered = _bridge.AllocateOrdered(DType.Float32, [4]);
        using TensorHandle managed = _bridge.AllocateManaged(DType.Float32, [4]);
        using TensorHandle own = _bridge.Allocate<float>(4);
        Refused("stream-ordered", () => _bridge.ShareIpc(ordered));
        Refused("Managed", () => _bridge.ShareIpc(managed));
        string token = _bridge.ShareIpc(own);
        Refused("another, living process", () => _bridge.OpenIpc(token));
        Refused("cuIpcOpenMemHandle", () => _bridge.OpenIpc($"cuda|1|{new string('0', 128)}|0|<f4|4|4|w"));
        Assert.Throws<TensorFormatException>(() => _bridge.OpenIpc("cuda|1|00|0|<f4|4|4|w"));
        Assert.Throws<TensorFormatException>(() => _bridge.OpenIpc("shm|1|name|0|<f4|4|4|w"));
        Assert.Equal(0, FakeCuda.Live(FakeObject.ImportedMemory));

        static void Refused(string part, Action call) => Assert.Contains(part, Assert.Throws<TensorDeviceException>(call).Message);
    }

    [Fact]
    public void AnOpenedTensorMustFitItsMemory()
    {
        using Process peer = Peer("offer", "64");
        string handle = peer.StandardOutput.ReadLine()!;
        Assert.Contains("touches bytes", Assert.Throws<TensorDeviceException>(() => _bridge.OpenIpc($"cuda|1|{handle}|8|<f8|8|8|w")).Message);
        Assert.Equal(0, FakeCuda.Live(FakeObject.ImportedMemory));
        peer.StandardInput.WriteLine();
        peer.WaitForExit();
    }

    private static Process Peer(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Path.Combine(StandInFixture.Folder, "fakecuda_ipc_peer"), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
