using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators;

/// <summary>The operating system and the architecture.</summary>
internal static class PlatformCheck
{
    /// <summary>True under the Windows subsystem for Linux, whose driver lies in a folder of its own.</summary>
    public static bool IsWindowsSubsystem => Directory.Exists("/usr/lib/wsl/lib")
        || (File.Exists("/proc/version") && File.ReadAllText("/proc/version").Contains("microsoft", StringComparison.OrdinalIgnoreCase));

    public static IEnumerable<DiagnosisLine> Look()
    {
        string platform = $"{RuntimeInformation.RuntimeIdentifier} ({RuntimeInformation.OSDescription})";
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            yield return DiagnosisLine.Failure("platform", platform, "the native parts are built for linux-x64: on other platforms only the C# core works");
        else
            yield return DiagnosisLine.Ok("platform", platform);
        if (IsWindowsSubsystem)
            yield return DiagnosisLine.Warning("WSL", "this is the Windows subsystem for Linux, where ILGPU brings its own library resolver", "nothing to install: the CUDA bridge then replaces ILGPU's context right after it is made; the driver comes from Windows (/usr/lib/wsl/lib)");
    }
}
