using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Each driver call fails in turn: nothing leaks, and the next attempt succeeds.</summary>
public sealed class CudaFaultTests(StandInFixture fixture, ITestOutputHelper output) : StandInTest(fixture)
{
    private const int Unknown = 999;
    private const int OutOfMemory = 2;

    [Theory]
    [InlineData(Unknown)]
    [InlineData(OutOfMemory)]
    public void CreatingABridgeLeaksNothing(int error)
    {
        // ILGPU calls cuInit once in a process, after us, and remembers a failure for good.
        CudaBridge.Create().Dispose();
        EachCallFails(
            "create and dispose",
            error,
            arm =>
            {
                arm();
                CudaBridge.Create().Dispose();
            },
            AssertNothingAlive);
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData(OutOfMemory)]
    public void WorkingWithABridgeLeaksNothing(int error)
    {
        using var library = new ForeignLibrary();
        nint producer = library.CreateStream();
        using CudaBridge bridge = CudaBridge.Create();
        // Compiled before, so that only our own calls and ILGPU's launches are in the way of the faults.
        Action<AcceleratorStream, Index1D, ArrayView<float>> addOne;
        using (bridge.Activate())
            addOne = bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne);
        Work(library, bridge, addOne, producer, () => { });
        // Memory may come back on another thread; the staging ring keeps its page-locked block.
        Eventually(Settle, after => after.EndsWith("DeviceMemory 0, PinnedMemory 1, RegisteredMemory 0, ManagedMemory 0, ImportedMemory 0"));
        string before = Settle();
        EachCallFails("import, use, export", error, arm => Work(library, bridge, addOne, producer, arm), () => Eventually(Settle, after => after == before));
    }

    // One pass over everything a user does with tensors; the foreign tensor is given back whatever fails.
    private static void Work(ForeignLibrary library, CudaBridge bridge, Action<AcceleratorStream, Index1D, ArrayView<float>> addOne, nint producer, Action arm)
    {
        nuint address = library.Allocate(32);
        int released = 0;
        CudaStream? stream = null;
        var host = new HostMemory(64);
        FakeCuda.cuCtxSetCurrent(0);
        arm();
        try
        {
            using var foreign = new TensorHandle(new TensorDescriptor(address, DType.Float32, Layout.Contiguous([8], 4), Device.Cuda(), stream: producer), null, () => Interlocked.Increment(ref released));
            stream = bridge.CreateStream();
            using TensorHandle imported = ImportShare(bridge, foreign);
            using (bridge.Use(stream, imported))
            {
                ArrayView<float> view = bridge.View<float>(imported, stream);
                using (bridge.Activate())
                    addOne(stream, 8, view);
            }

            using TensorHandle owned = bridge.Allocate<float>(8);
            using TensorHandle ordered = bridge.AllocateOrdered(DType.Float32, [8], stream);
            using TensorHandle pinned = bridge.AllocatePinned(DType.Float32, [8]);
            using TensorHandle managed = bridge.AllocateManaged(DType.Float32, [8]);
            using TensorHandle export = bridge.Export(bridge.View<float>(owned, stream), stream: stream);
            bridge.OrderConsumer(export, producer);
            using TensorHandle rows = host.Tensor(DType.Float32, [2, 4], [4, 8]);
            using TensorHandle turned = new(new TensorDescriptor(owned.Data, DType.Float32, new Layout([2, 4], [4, 8], 4), owned.Device), owned);
            using TensorHandle flat = new(new TensorDescriptor(pinned.Data, DType.Float32, Layout.Contiguous([2, 4], 4), pinned.Device), pinned);
            bridge.Copy(rows, flat, stream);
            bridge.Copy(flat, turned, stream);
            bridge.Copy(turned, rows, stream);
            using TensorHandle line = host.Tensor(DType.Float32, [8], [4]);
            bridge.Copy(owned, line, stream);
            bridge.View<float>(managed, bridge.WrapStream(producer));
        }
        finally
        {
            FakeCuda.NoFaults();
            FakeCuda.cuCtxGetCurrent(out nint current);
            FakeCuda.Advance();
            Eventually(() => Volatile.Read(ref released), count => count == 1);
            library.Free(address);
            // A stream is ILGPU's own object: it binds its accelerator when it goes.
            using (bridge.Activate())
                stream?.Dispose();
            Assert.Equal(0, current);
        }
    }

    // On an error the tensor is still the caller's.
    private static TensorHandle ImportShare(CudaBridge bridge, TensorHandle foreign)
    {
        TensorHandle share = foreign.Share();
        try
        {
            return bridge.Import(share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private static string Settle()
    {
        FakeCuda.Advance();
        // Events are pooled and the release stream is made on first use: both belong to the bridge.
        return string.Join(", ", Enum.GetValues<FakeObject>().Where(kind => kind is not FakeObject.Event).Select(kind => $"{kind} {FakeCuda.Live(kind)}"));
    }

    private void EachCallFails(string what, int error, Action<Action> scenario, Action check)
    {
        int points = 0, refused = 0;
        for (int nth = 1; ; nth++)
        {
            FakeCuda.Forget();
            int number = nth;
            Exception? failure = Record.Exception(() => scenario(() => FakeCuda.FailNth(number, error)));
            FakeCuda.NoFaults();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            bool reached = FakeCuda.Log().Contains("fault ");
            Assert.True(failure is null or TensorDeviceException or CudaException, $"call {nth}: {failure}");
            Exception? remains = Record.Exception(check);
            Assert.True(remains is null, $"call {nth} ({failure?.Message}): {remains?.Message}\n{string.Join("\n", FakeCuda.Log().Split('\n').TakeLast(30))}");
            if (!reached)
                break;
            points++;
            refused += failure is null ? 0 : 1;
        }

        Assert.True(points > 10, $"only {points} calls were made");
        scenario(() => { });
        check();
        output.WriteLine($"{what}, error {error}: {points} injected faults passed, {refused} of them reported to the caller");
    }
}
