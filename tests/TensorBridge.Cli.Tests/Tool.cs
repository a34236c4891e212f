using System.Diagnostics;

namespace TensorBridge.Cli.Tests;

/// <summary>Runs the command-line tool as its users do.</summary>
internal static class Tool
{
    /// <summary>The tool's exit code, standard output and standard error.</summary>
    public static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "TensorBridge.Cli.dll");
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", ["exec", assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    /// <summary>The output of a run that has to succeed.</summary>
    public static string Succeed(params string[] arguments)
    {
        (int code, string output, string errors) = Run(arguments);
        Assert.True(code == 0, $"exit code {code}: {errors}{output}");
        Assert.Empty(errors);
        return output;
    }

    /// <summary>The one line of a run that has to fail.</summary>
    public static string Fail(params string[] arguments)
    {
        (int code, _, string errors) = Run(arguments);
        Assert.Equal(1, code);
        string line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("tensorbridge: ", line, StringComparison.Ordinal);
        return line;
    }
}
