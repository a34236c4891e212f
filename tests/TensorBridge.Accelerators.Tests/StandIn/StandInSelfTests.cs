using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;

namespace TensorBridge.Accelerators.Tests.StandIn;

/// <summary>The stand-in does what makes it worth having: each trap it sets is sprung here once.</summary>
public sealed class StandInSelfTests : StandInTest
{
    private readonly ForeignLibrary _library;

    public StandInSelfTests(StandInFixture fixture)
        : base(fixture)
    {
        _library = new ForeignLibrary();
        FakeCuda.cuCtxSetCurrent(_library.Context);
    }

    public override void Dispose()
    {
        FakeCuda.cuCtxSetCurrent(0);
        _library.Dispose();
        base.Dispose();
    }

    [Fact]
    public void MemoryIsMarkedWhenFreshAndWhenFreed()
    {
        nuint address = _library.Allocate(100);
        Assert.All(FakeCuda.Bytes<byte>(address, 100).ToArray(), value => Assert.Equal(0xCD, value));
        _library.Free(address);
        Assert.All(FakeCuda.Bytes<byte>(address, 100).ToArray(), value => Assert.Equal(0xDD, value));
        Assert.Equal(1, FakeCuda.cuMemFree_v2(address));
        Assert.NotEqual(address, _library.Allocate(100));
    }

    [Fact]
    public void WorkWaitsUntilSomethingWaitsForIt()
    {
        nint stream = _library.CreateStream();
        nuint address = _library.Allocate(16);
        FakeCuda.cuMemsetD8Async(address, 1, 16, stream);
        Assert.Equal(600, FakeCuda.cuStreamQuery(stream));
        Assert.Equal(0xCD, FakeCuda.Bytes<byte>(address, 1)[0]);
        Assert.Equal(0, FakeCuda.cuStreamSynchronize(stream));
        Assert.Equal(0, FakeCuda.cuStreamQuery(stream));
        Assert.Equal(1, FakeCuda.Bytes<byte>(address, 1)[0]);
    }

    [Fact]
    public void TheLegacyStreamIsOrderedWithBlockingStreamsOnly()
    {
        nint blocking = _library.CreateStream(flags: 0), free = _library.CreateStream(flags: 1);
        nuint a = _library.Allocate(16), b = _library.Allocate(16);
        FakeCuda.cuMemsetD8Async(a, 1, 16, blocking);
        FakeCuda.cuMemsetD8Async(b, 1, 16, free);
        FakeCuda.cuStreamSynchronize(1);
        Assert.Equal(0xCD, FakeCuda.Bytes<byte>(a, 1)[0]);
        FakeCuda.cuMemsetD8Async(a + 8, 2, 8, 0);
        FakeCuda.cuStreamSynchronize(0);
        Assert.Equal((1, 2, 0xCD), (FakeCuda.Bytes<byte>(a, 1)[0], FakeCuda.Bytes<byte>(a + 8, 1)[0], FakeCuda.Bytes<byte>(b, 1)[0]));
    }

    [Fact]
    public void ReleasingMemoryInUseIsNoticed()
    {
        nint stream = _library.CreateStream();
        nuint address = _library.Allocate(16);
        FakeCuda.cuMemsetD8Async(address, 1, 16, stream);
        _library.Free(address);
        Assert.Equal(1, FakeCuda.PendingFrees());
        Assert.Equal(0, FakeCuda.PendingFrees());
    }

    [Fact]
    public void CopiesBeyondAnAllocationAreRefused()
    {
        nuint a = _library.Allocate(16), b = _library.Allocate(17);
        Assert.Equal(1, FakeCuda.cuMemcpyAsync(a, b, 17, 0));
        Assert.Equal(1, FakeCuda.cuMemcpyAsync(a + 1, b, 16, 0));
        Assert.Equal(0, FakeCuda.cuMemcpyAsync(a, b, 16, 0));
    }

    [Fact]
    public unsafe void PageableSourcesAreReadAtOnceAndPinnedOnesLater()
    {
        nuint target = _library.Allocate(8);
        Assert.Equal(0, FakeCuda.cuMemAllocHost_v2(out nuint pinned, 4));
        byte* pageable = stackalloc byte[4];
        nint stream = _library.CreateStream();
        new Span<byte>(pageable, 4).Fill(1);
        new Span<byte>((void*)pinned, 4).Fill(1);
        FakeCuda.cuMemcpyAsync(target, (nuint)pageable, 4, stream);
        FakeCuda.cuMemcpyAsync(target + 4, pinned, 4, stream);
        new Span<byte>(pageable, 4).Fill(2);
        new Span<byte>((void*)pinned, 4).Fill(2);
        FakeCuda.Advance();
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2], FakeCuda.Bytes<byte>(target, 8).ToArray());
        FakeCuda.cuMemFreeHost(pinned);
    }

    [Fact]
    public void EachThreadHasItsOwnContexts()
    {
        int result = -1;
        var thread = new Thread(() => result = FakeCuda.cuMemAlloc_v2(out _, 16));
        thread.Start();
        thread.Join();
        Assert.Equal(201, result);
        FakeCuda.cuCtxPushCurrent_v2(_library.Context);
        FakeCuda.cuCtxPopCurrent_v2(out nint popped);
        Assert.Equal(_library.Context, popped);
    }

    [Fact]
    public void TheNthCallFailsOnceWithTheGivenError()
    {
        FakeCuda.Fail("cuMemAlloc_v2", 2, 2);
        Assert.Equal(0, FakeCuda.cuMemAlloc_v2(out nuint first, 16));
        Assert.Equal(2, FakeCuda.cuMemAlloc_v2(out _, 16));
        Assert.Equal(0, FakeCuda.cuMemAlloc_v2(out nuint third, 16));
        Assert.Equal(0, FakeCuda.cuMemFree_v2(first) + FakeCuda.cuMemFree_v2(third));
        Assert.Equal(2, FakeCuda.cuMemAlloc_v2(out _, (nuint)9 << 30));
        Assert.Contains("fault cuMemAlloc_v2 2", FakeCuda.Log());
    }

    [Fact]
    public void AKernelsFaultSticksToTheContext()
    {
        FakeCuda.Fail("cuMemAlloc_v2", 1, 700);
        Assert.Equal(700, FakeCuda.cuMemAlloc_v2(out _, 16));
        Assert.Equal(700, FakeCuda.cuMemAlloc_v2(out _, 16));
        FakeCuda.ResetSticky();
        Assert.Equal(0, FakeCuda.cuMemAlloc_v2(out nuint address, 16));
        FakeCuda.cuMemFree_v2(address);
        FakeCuda.Fail("cuMemAlloc_v2", 1, 701);
        Assert.Equal(701, FakeCuda.cuMemAlloc_v2(out _, 16));
        Assert.Equal(0, FakeCuda.cuMemAlloc_v2(out address, 16));
        FakeCuda.cuMemFree_v2(address);
    }

    [Fact]
    public void ModulesAreDumpedAsIsa84()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tensorbridge-ptx");
        FakeCuda.DumpPtx(folder.FullName);
        using (CudaBridge bridge = CudaBridge.Create())
        using (bridge.Activate())
            bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Cuda.Kernels.AddOne);
        FakeCuda.DumpPtx(null);
        string text = File.ReadAllText(Assert.Single(folder.GetFiles()).FullName);
        Assert.Contains(".version 8.4", text);
        Assert.Contains(".entry", text);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void AHostAccessToADeviceAddressEndsTheProcess()
    {
        var start = new ProcessStartInfo(Path.Combine(StandInFixture.Folder, "fakecuda_ipc_peer"), ["touch"]);
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        Assert.Equal(128 + 11, process.ExitCode);
    }

    [Fact]
    public unsafe void PeerMemoryNeedsPermission()
    {
        using var other = new ForeignLibrary(1);
        nuint far = other.Allocate(16);
        Assert.Equal(0, FakeCuda.Accessible(_library.Context, far, out _, out _, out _));
        using CudaBridge near = CudaBridge.Create();
        using CudaBridge distant = CudaBridge.Create(1);
        using (near.Activate())
            Assert.True(near.Accelerator.EnablePeerAccess(distant.Accelerator));
        Assert.Equal(1, FakeCuda.Accessible(_library.Context, far, out ulong start, out ulong size, out _));
        Assert.Equal((far, 16UL), ((nuint)start, size));
        using (near.Activate())
            near.Accelerator.DisablePeerAccess(distant.Accelerator);
    }
}
