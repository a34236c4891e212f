using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Xunit.Sdk;
using Xunit.v3;

// There is one driver in a process: tests that count its objects or make its calls fail cannot share it in time, and
// even tests of the host may look for devices.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace TensorBridge.Accelerators.Tests.StandIn;

/// <summary>Puts the stand-in in the driver's place, for the life of the process: ILGPU binds its driver once.</summary>
public sealed class StandInFixture
{
    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>Why there is no stand-in; empty when there is one.</summary>
    public string Missing { get; } = Loaded.Value;

    /// <summary>The folder of the stand-in and its helper program.</summary>
    public static string Folder { get; private set; } = "";

    // Before any test: whoever looks for a driver first, finds this one. .NET binds a library once.
    [ModuleInitializer]
    internal static void LoadFirst() => _ = Loaded.Value;

    private static string Load()
    {
        ThrowingTraceListener.Install();
        (string? driver, string reason) = NativeBuild.Find("TENSORBRIDGE_FAKECUDA", "tests/native/fakecuda", "fakecuda", "libcuda.so.1");
        if (driver is null)
            return reason;
        (string? redirect, reason) = NativeBuild.Find("TENSORBRIDGE_NATIVE", "native/cuda", "cuda", "libtensorbridge_cuda.so");
        if (redirect is null)
            return reason;
        Folder = driver;
        Environment.SetEnvironmentVariable("TENSORBRIDGE_NATIVE", redirect);
        // Loaded first, it answers for its soname: the redirect's needed library is found in it.
        nint handle = NativeLibrary.Load(Path.Combine(driver, "libcuda.so.1"));
        FakeCuda.Bind(handle);
        FakeCuda.Configure(devices: 2, compute: 80, version: 12040, memory: 8L << 30);
        PtxLauncher.Install();
        return "";
    }
}

/// <summary>All tests on the stand-in share one driver, so they take turns.</summary>
[CollectionDefinition(Name)]
public sealed class StandInCollection : ICollectionFixture<StandInFixture>
{
    public const string Name = "stand-in";
}
