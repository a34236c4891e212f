using System.Diagnostics;

namespace TensorBridge.Cli.Tests;

/// <summary>Runs the command-line tool as its users do.</summary>
internal static class Tool
{
    private static string Assembly => Path.Combine(AppContext.BaseDirectory, "TensorBridge.Cli.dll");

    private static string Host => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>The tool's exit code, standard output and standard error.</summary>
    public static (int Code, string Output, string Errors) Run(params string[] arguments) => Start(Host, ["exec", Assembly, .. arguments]);

    /// <summary>The same after a line of shell, such as a limit or a variable.</summary>
    public static (int Code, string Output, string Errors) RunAfter(string shell, params string[] arguments) =>
        Start("/bin/sh", ["-c", $"{shell}\nexec \"$0\" exec \"$@\"", Host, Assembly, .. arguments]);

    /// <summary>The tool while it runs; what it prints is lost.</summary>
    public static Process StartQuietly(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" exec \"$@\" > /dev/null", Host, Assembly, .. arguments]))!;

    /// <summary>Lines of shell in which <c>tensorbridge</c> is the tool; they stop at the first that fails.</summary>
    public static (int Code, string Output, string Errors) RunShell(string lines) =>
        Start("/bin/sh", ["-e", "-c", $"tensorbridge() {{ \"{Host}\" exec \"{Assembly}\" \"$@\"; }}\n{lines}"]);

    /// <summary>The folder of the solution, above where the tests run.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TensorBridge.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no TensorBridge.sln above {AppContext.BaseDirectory}");
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

    private static (int Code, string Output, string Errors) Start(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
