using System.Diagnostics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using TensorBridge.Accelerators.Cuda;
using TensorBridge.Accelerators.Tests.StandIn;

namespace TensorBridge.Accelerators.Tests.Cuda;

/// <summary>Where ILGPU's imports cannot be redirected (WSL), its accelerator is moved into the primary context by hand.</summary>
/// <remarks>A process finds its driver once, so this runs in a process of its own, with the redirect switched off.</remarks>
public sealed class ContextSwapTests(StandInFixture fixture, ITestOutputHelper output) : StandInTest(fixture)
{
    private const string OwnResolver = "TENSORBRIDGE_TEST_RESOLVER";

    /// <summary>The redirect is switched off, or somebody else answers ILGPU's imports already, as ILGPU itself does on WSL.</summary>
    [Theory]
    [InlineData(DriverLibrary.RedirectVariable, "0")]
    [InlineData(OwnResolver, "1")]
    public void TheSwapServesAsTheRedirectDoes(string variable, string value)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ContextSwapTests).Assembly.Location, "-explicit", "only", "-method", "*ContextSwapTests.InAProcessWithoutTheRedirect", "-noColor"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output.WriteLine(text);
        Assert.True(process.ExitCode == 0 && text.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0"), text);
    }

    [Fact(Explicit = true)]
    public void InAProcessWithoutTheRedirect()
    {
        if (Environment.GetEnvironmentVariable(OwnResolver) == "1")
        {
            nint driver = NativeLibrary.Load(Path.Combine(StandInFixture.Folder, "libcuda.so.1"));
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, (name, _, _) => name == "cuda" ? driver : 0);
        }

        using var library = new ForeignLibrary();
        for (int round = 0; round < 3; round++)
        {
            using CudaBridge bridge = CudaBridge.Create();
            Assert.False(bridge.IsRedirected);
            Assert.Equal(library.Context, bridge.ContextHandle);
            Assert.Equal(1, FakeCuda.Live(FakeObject.Context));
            using TensorHandle tensor = bridge.Import(library.Tensor(DType.Float32, [8], 1));
            library.Fill(tensor.Data, 0, 32, 1);
            using (bridge.Activate())
                bridge.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(Kernels.AddOne)(8, bridge.View<float>(tensor));
            bridge.Synchronize();
            Assert.Equal(1f, FakeCuda.Bytes<float>(tensor.Data, 8)[7]);
            FakeCuda.cuCtxGetCurrent(out nint current);
            Assert.Equal(0, current);
        }

        Assert.Equal(1, FakeCuda.PrimaryReferences(0));
        Assert.Equal("1 Context", Alive());
    }
}
