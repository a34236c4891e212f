using System.Diagnostics;

namespace TensorBridge.Tests.DLPack;

/// <summary>Runs the C compiler of the machine, for tests that compare with C.</summary>
internal static class CCompiler
{
    /// <summary>A compiler that starts: <c>$CC</c>, cc, gcc or clang; null if there is none.</summary>
    public static string? Find()
    {
        string?[] names = [Environment.GetEnvironmentVariable("CC"), "cc", "gcc", "clang"];
        return names.FirstOrDefault(name => !string.IsNullOrEmpty(name) && Starts(name));
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

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
