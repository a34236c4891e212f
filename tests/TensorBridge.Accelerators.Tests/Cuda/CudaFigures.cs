using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Prints what the managed side costs on the stand-in. Explicit: figures are no verdict.</summary>
public sealed class CudaFigures(StandInFixture fixture, ITestOutputHelper output) : StandInTest(fixture)
{
    private const int Rounds = 200_000;

    [Fact(Explicit = true)]
    public void OverheadOfImportExportAndLaunch()
    {
        using var library = new ForeignLibrary();
        using CudaBridge bridge = CudaBridge.Create();
        using CudaStream stream = bridge.CreateStream();
        nint producer = library.CreateStream();
        nuint address = library.Allocate(4096);
        var layout = Layout.Contiguous([32, 32], 4);
        FakeCuda.SetEager(1);
        var quiet = new TensorDescriptor(address, DType.Float32, layout, Device.Cuda());
        var ordered = new TensorDescriptor(address, DType.Float32, layout, Device.Cuda(), stream: producer);
        Measure("import, view, release; no stream", () =>
        {
            using TensorHandle tensor = bridge.Import(new TensorHandle(quiet));
            bridge.View<float>(tensor, stream);
        });
        Measure("import, view, release; event-ordered both ways", () =>
        {
            using TensorHandle tensor = bridge.Import(new TensorHandle(ordered));
            bridge.View<float>(tensor, stream);
            bridge.OrderAfter(tensor, stream);
        });
        using TensorHandle owned = bridge.Allocate<float>(32, 32);
        ArrayView<float> view = bridge.View<float>(owned, stream);
        Measure("second view of a tensor", () => bridge.View<float>(owned, stream));
        Measure("export of a view, release", () => bridge.Export(view, stream: stream).Dispose());
        Measure("activate", () =>
        {
            using CudaScope scope = bridge.Activate();
        });
        Action<AcceleratorStream, Index1D, ArrayView<float>> kernel;
        using (bridge.Activate())
            kernel = bridge.Accelerator.LoadAutoGroupedKernel<Index1D, ArrayView<float>>(Kernels.AddOne);
        PtxLauncher.Remove();
        Measure("launch inside activate", () =>
        {
            using CudaScope scope = bridge.Activate();
            kernel(stream, 1, view);
        });
        PtxLauncher.Install();
    }

    [Fact(Explicit = true)]
    public void SpeedOfTheInterpreter()
    {
        using CudaBridge bridge = CudaBridge.Create();
        using TensorHandle tensor = bridge.Allocate<float>(1 << 18);
        ArrayView<float> view = bridge.View<float>(tensor);
        using (bridge.Activate())
        {
            var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne);
            for (int i = 0; i < 4; i++)
                kernel(1 << 18, view);
        }

        FakeCuda.Advance();
        long before = PtxLauncher.Steps;
        using (bridge.Activate())
        {
            var kernel = bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne);
            for (int i = 0; i < 20; i++)
                kernel(1 << 18, view);
        }

        long start = Stopwatch.GetTimestamp();
        FakeCuda.Advance();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long steps = PtxLauncher.Steps - before;
        output.WriteLine($"interpreter: {steps} lane instructions in {seconds:F2} s = {steps / seconds / 1e6:F1} million a second");
    }

    private void Measure(string what, Action action)
    {
        for (int i = 0; i < 2000; i++)
            action();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long calls = FakeCuda.Calls(null);
        // Processor time, the collector's included: other work on the machine does not count.
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Rounds; i++)
            action();
        double nanoseconds = (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / Rounds;
        double allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / Rounds;
        output.WriteLine($"{what}: {nanoseconds:F0} ns of processor time, {allocated:F0} bytes, {(double)(FakeCuda.Calls(null) - calls) / Rounds:F2} driver calls");
    }
}
