using System.Diagnostics;

namespace TensorBridge.Tests.DLPack;

/// <summary>Runs the C compiler of the machine, for tests that compare with C or talk to it.</summary>
internal static class CCompiler
{
    /// <summary>Why a test is skipped where <see cref="Find"/> finds nothing.</summary>
    public const string Missing = "no C compiler: install gcc (Debian: apt-get install gcc libc6-dev) or point the variable CC at one";

    /// <summary>A compiler that starts: <c>$CC</c>, cc, gcc or clang; null if there is none.</summary>
    public static string? Find()
    {
        string?[] names = [Environment.GetEnvironmentVariable("CC"), "cc", "gcc", "clang"];
        return names.FirstOrDefault(name => !string.IsNullOrEmpty(name) && Starts(name));
    }

    /// <summary>Compiles a file of tests/native/dlpack against our headers, with warnings as errors.</summary>
    public static void Compile(string compiler, string source, string output, params string[] options)
    {
        string root = RepositoryRoot();
        string[] arguments =
        [
            "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", Path.Combine(root, "native", "include"),
            Path.Combine(root, "tests", "native", "dlpack", source), "-o", output, .. options,
        ];
        Run(compiler, arguments);
    }

    /// <summary>Runs a program, which has to succeed, and returns what it prints.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} failed with {process.ExitCode}: {errors.Result}{output}");
        return output;
    }

    private static bool Starts(string name)
    {
        try
        {
            using Process process = Start(name, "--version");
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    // Deterministic builds rewrite source paths, so the tree is found from where the tests run.
    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TensorBridge.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no TensorBridge.sln above {AppContext.BaseDirectory}");
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
