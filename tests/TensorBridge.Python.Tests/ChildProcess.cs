using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TensorBridge.Python.Tests;

/// <summary>Runs one scenario in a process of its own.</summary>
internal static partial class ChildProcess
{
    /// <summary>The interpreter that tests use: Debian's, which has NumPy.</summary>
    public const string Interpreter = "/usr/bin/python3";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a scenario to its end.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <returns>The exit code (128 plus the signal's number where one ended it) and what was printed.</returns>
    public static (int ExitCode, string[] Output) Run(string scenario, params (string Name, string? Value)[] environment)
    {
        using Process process = Start(scenario, environment);
        return Finish(process, []);
    }

    /// <summary>Runs a scenario, and sends a signal once it has said that it is ready.</summary>
    public static (int ExitCode, string[] Output) RunAndSignal(string scenario, int signal)
    {
        using Process process = Start(scenario, []);
        string? first = process.StandardOutput.ReadLine();
        Assert.Equal("ready", first);
        Thread.Sleep(300);
        Assert.Equal(0, Kill(process.Id, signal));
        return Finish(process, [first!]);
    }

    private static Process Start(string scenario, (string Name, string? Value)[] environment)
    {
        string here = AppContext.BaseDirectory.TrimEnd('/');
        string folder = here.Replace("TensorBridge.Python.Tests", "TensorBridge.Python.Scenarios", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "TensorBridge.Python.Scenarios.dll"), scenario])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TENSORBRIDGE_PYTHON"] = Interpreter;
        start.Environment.Remove("VIRTUAL_ENV");
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static (int ExitCode, string[] Output) Finish(Process process, string[] already)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"the scenario hangs; it said: {string.Join('\n', already)} {output.Result} {errors.Result}");
        }

        process.WaitForExit();
        string text = output.Result + errors.Result;
        return (process.ExitCode, [.. already, .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    [LibraryImport("libc.so.6", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
