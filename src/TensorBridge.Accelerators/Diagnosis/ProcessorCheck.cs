using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorBridge.Accelerators;

/// <summary>Vector instructions, as this process may use them.</summary>
internal static class ProcessorCheck
{
    public static IEnumerable<DiagnosisLine> Look()
    {
        string cores = $"{Environment.ProcessorCount} core{(Environment.ProcessorCount == 1 ? string.Empty : "s")}";
        if (Avx512BW.VL.IsSupported && Vector512.IsHardwareAccelerated)
            yield return DiagnosisLine.Ok("processor", $"{cores}, AVX-512{(Avx512Vbmi.IsSupported ? " with VBMI" : string.Empty)}");
        else if (Avx512BW.VL.IsSupported)
            yield return DiagnosisLine.Ok("processor", $"{cores}, AVX-512, of which .NET prefers the 256-bit half on this processor");
        else if (Avx2.IsSupported)
            yield return DiagnosisLine.Ok("processor", $"{cores}, AVX2{(HasSwitch("DOTNET_EnableAVX512") ? "; AVX-512 may be switched off by DOTNET_EnableAVX512*" : string.Empty)}");
        else
            yield return DiagnosisLine.Warning("processor", $"{cores}, no AVX2: copies run on plain loops", HasSwitch("DOTNET_EnableAVX") || HasSwitch("DOTNET_EnableHWIntrinsic")
                ? "unset the variables DOTNET_EnableAVX* and DOTNET_EnableHWIntrinsic, which switch vector instructions off"
                : "use a processor with AVX2, or let the virtual machine pass the host's instructions through");
    }

    private static bool HasSwitch(string prefix)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && Environment.GetEnvironmentVariable(name) == "0")
                return true;
        }

        return false;
    }
}
