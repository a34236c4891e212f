using System.Runtime.InteropServices;
using TensorBridge.Accelerators.Kernels;

namespace TensorBridge.PtxInterpreter;

/// <summary>Lets the driver stand-in of any process execute kernels, Python's included.</summary>
/// <remarks>
/// <code>
/// tb.load("TensorBridge.PtxInterpreter.dll").kernel("StandIn.Install")()
/// </code>
/// The stand-in calls back into this assembly from then on, so it stays loaded for the life of the process.
/// </remarks>
public static class StandIn
{
    private static int s_isKept;

    /// <summary>From now on each launch runs through the interpreter; until then the stand-in's launches do nothing.</summary>
    /// <exception cref="TensorDeviceException">The process has no driver, or a real one.</exception>
    [TensorBridgeExport]
    public static void Install()
    {
        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint driver))
            throw new TensorDeviceException("there is no libcuda.so.1 in reach; put the stand-in's folder first on LD_LIBRARY_PATH before the process starts");
        FakeCuda.Bind(driver);
        // A handle to an object of this assembly keeps a module's load context, whose code the callback is.
        if (Interlocked.Exchange(ref s_isKept, 1) == 0)
            GCHandle.Alloc(new PtxFault("", 0));
        PtxLauncher.Install();
    }

    /// <summary>What the last faulty kernel did; empty when none was.</summary>
    [TensorBridgeExport]
    public static string LastFault() => PtxLauncher.LastFault ?? "";

    /// <summary>Lane instructions executed so far.</summary>
    [TensorBridgeExport]
    public static long Steps() => PtxLauncher.Steps;
}
