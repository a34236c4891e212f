using System.Runtime.InteropServices;

namespace TensorBridge.Accelerators;

/// <summary>The .NET runtime.</summary>
internal static class RuntimeCheck
{
    private const int NeededMajor = 10;

    public static IEnumerable<DiagnosisLine> Look()
    {
        string finding = $"{RuntimeInformation.FrameworkDescription} in {RuntimeEnvironment.GetRuntimeDirectory()}";
        yield return Environment.Version.Major >= NeededMajor
            ? DiagnosisLine.Ok(".NET", finding)
            : DiagnosisLine.Failure(".NET", finding, $"install the .NET {NeededMajor} runtime and point DOTNET_ROOT at it");
        if (Environment.GetEnvironmentVariable("DOTNET_TieredPGO") == "0" || Environment.GetEnvironmentVariable("DOTNET_TieredCompilation") == "0")
            yield return DiagnosisLine.Warning(".NET", "tiered compilation or its profile is switched off by an environment variable", "unset DOTNET_TieredCompilation and DOTNET_TieredPGO for full speed");
    }
}
