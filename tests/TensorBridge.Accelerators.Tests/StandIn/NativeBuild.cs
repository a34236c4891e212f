using System.Diagnostics;

namespace TensorBridge.Accelerators.Tests.StandIn;

/// <summary>Finds native test libraries, and builds them with CMake when they are missing or older than their sources.</summary>
internal static class NativeBuild
{
    /// <summary>The repository, found upwards from the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder that holds a library, or null with the reason why there is none.</summary>
    /// <param name="variable">An environment variable that names the folder or the file instead.</param>
    /// <param name="source">The CMake project, relative to the repository.</param>
    /// <param name="name">The build's name below <c>artifacts/native</c> and <c>artifacts/native-tests</c>.</param>
    /// <param name="file">The library.</param>
    public static (string? Folder, string Reason) Find(string variable, string source, string name, string file)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return (File.Exists(given) ? Path.GetDirectoryName(given) : given, "");
        string sources = Path.Combine(Root, source);
        string artifacts = Path.Combine(Root, "artifacts");
        foreach (string built in new[] { Path.Combine(artifacts, "native", name), Path.Combine(artifacts, "native"), Path.Combine(artifacts, "cmake", source) })
            if (IsFresh(Path.Combine(built, file), sources))
                return (built, "");
        string own = Path.Combine(artifacts, "native-tests", name);
        if (IsFresh(Path.Combine(own, file), sources))
            return (own, "");
        string problem = Run("cmake", "-S", sources, "-B", own) ?? Run("cmake", "--build", own, "-j2") ?? "";
        return problem.Length == 0 ? (own, "") : (null, $"{file} is missing and cannot be built: {problem}");
    }

    private static bool IsFresh(string library, string sources) =>
        File.Exists(library) && Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories).All(file => File.GetLastWriteTimeUtc(file) <= File.GetLastWriteTimeUtc(library));

    // The problem in words; null when all went well.
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program} failed: {errors}{output}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{program} is not installed";
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TensorBridge.sln")))
                return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
