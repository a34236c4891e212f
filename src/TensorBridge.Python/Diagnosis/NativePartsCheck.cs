using TensorBridge.Accelerators;
using TensorBridge.Python.Native;

namespace TensorBridge.Python;

/// <summary>The native libraries that come with TensorBridge.</summary>
internal static class NativePartsCheck
{
    private const string Subject = "native parts";
    private static readonly string[] Needed = ["libtensorbridge.so", "_core.abi3.so"];

    public static IEnumerable<DiagnosisLine> Look()
    {
        string beside = Path.GetDirectoryName(typeof(NativePartsCheck).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
        // In the Python package this assembly lies in managed/, one below the libraries; in a program they lie in a folder of their own.
        string[] folders = [.. Configured(), Path.Combine(beside, ".."), Path.Combine(beside, "python", "tensorbridge"), Path.Combine(beside, "runtimes", "linux-x64", "native"), beside];
        string? found = folders.FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, Needed[0])));
        if (found is null)
        {
            yield return NativeCore.IsLoaded
                ? DiagnosisLine.Ok(Subject, "loaded by the host")
                : DiagnosisLine.Failure(Subject, $"{Needed[0]} is in none of {string.Join(", ", folders.Select(Path.GetFullPath))}", "build with ./build.sh build, or reinstall the package; C# without Python works as it is");
            yield break;
        }

        string[] missing = [.. Needed.Where(name => !File.Exists(Path.Combine(found, name)))];
        string place = $"{Path.GetFullPath(found)}{(NativeCore.IsLoaded ? ", in use" : string.Empty)}";
        yield return missing.Length == 0
            ? DiagnosisLine.Ok(Subject, place)
            : DiagnosisLine.Failure(Subject, $"{place}, without {string.Join(" and ", missing)}", "build with ./build.sh build, or reinstall the package");
    }

    private static IEnumerable<string> Configured()
    {
        if (Environment.GetEnvironmentVariable("TENSORBRIDGE_NATIVE") is { Length: > 0 } folder)
            yield return folder;
    }
}
