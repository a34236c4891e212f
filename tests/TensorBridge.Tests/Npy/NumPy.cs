using System.Diagnostics;

namespace TensorBridge.Tests.NpyFiles;

/// <summary>Runs Python scripts with NumPy: the interpreter that <c>TENSORBRIDGE_PYTHON</c> names, or Debian's.</summary>
internal static class NumPy
{
    private static readonly Lazy<string?> Problem = new(FindProblem);

    private static string Interpreter => Environment.GetEnvironmentVariable("TENSORBRIDGE_PYTHON") is { Length: > 0 } chosen ? chosen : "/usr/bin/python3";

    /// <summary>Skips the test where there is no NumPy, saying what is missing.</summary>
    public static void Require() => Assert.SkipWhen(Problem.Value is not null, Problem.Value ?? string.Empty);

    /// <summary>Runs a script in a folder; its output.</summary>
    public static string Run(string folder, string script)
    {
        (int code, string output) = Start(folder, script);
        Assert.True(code == 0, $"the script failed with {code}: {output}");
        return output;
    }

    private static string? FindProblem()
    {
        if (!File.Exists(Interpreter))
            return $"no Python at {Interpreter}: apt-get install python3, or point TENSORBRIDGE_PYTHON at one";
        (int code, _) = Start(".", "import numpy");
        return code == 0 ? null : $"{Interpreter} has no NumPy: apt-get install python3-numpy";
    }

    private static (int Code, string Output) Start(string folder, string script)
    {
        using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-W", "ignore", "-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
