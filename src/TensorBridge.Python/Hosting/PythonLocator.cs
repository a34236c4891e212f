using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace TensorBridge.Python.Hosting;

/// <summary>Finds the interpreter to use and its libpython, by asking the interpreter itself.</summary>
/// <remarks>
/// Order: the option, the variable <c>TENSORBRIDGE_PYTHON</c>, the active virtual environment, <c>python3</c> and <c>python</c> on PATH.
/// Explicit choices are not replaced by others when they fail.
/// </remarks>
internal static class PythonLocator
{
    /// <summary>The environment variable that names an interpreter.</summary>
    public const string Variable = "TENSORBRIDGE_PYTHON";

    private const string Question =
        "import json,sys,sysconfig;v=sysconfig.get_config_var;print(json.dumps({"
        + "'implementation':sys.implementation.name,'version':list(sys.version_info[:3]),'executable':sys.executable,"
        + "'free_threaded':bool(v('Py_GIL_DISABLED')),'libdir':v('LIBDIR'),'libpl':v('LIBPL'),'multiarch':v('MULTIARCH'),"
        + "'soname':v('INSTSONAME'),'library':v('LDLIBRARY'),'base':getattr(sys,'base_prefix',sys.prefix)}))";

    private static readonly Version Oldest = new(3, 11);

    /// <summary>Finds and checks the interpreter.</summary>
    /// <exception cref="PlatformNotSupportedException">The interpreter is of a kind that cannot be hosted.</exception>
    /// <exception cref="FileNotFoundException">There is no interpreter, or it has no libpython.</exception>
    /// <exception cref="InvalidOperationException">The interpreter does not run.</exception>
    public static PythonInstallation Find(string? explicitPath)
    {
        string interpreter = Choose(explicitPath);
        using JsonDocument answer = Ask(interpreter);
        JsonElement root = answer.RootElement;
        int[] parts = [.. root.GetProperty("version").EnumerateArray().Select(part => part.GetInt32())];
        var version = new Version(parts[0], parts[1], parts[2]);
        Check(interpreter, version, root);
        return new PythonInstallation(root.GetProperty("executable").GetString() ?? interpreter, version, FindLibrary(interpreter, version, root));
    }

    private static string Choose(string? explicitPath)
    {
        string? chosen = explicitPath ?? NonEmpty(Environment.GetEnvironmentVariable(Variable));
        if (chosen is not null)
            return OnPath(chosen) ?? throw new FileNotFoundException($"the Python interpreter '{chosen}' ({(explicitPath is null ? Variable : "given in PythonOptions")}) does not exist");
        string? environment = NonEmpty(Environment.GetEnvironmentVariable("VIRTUAL_ENV"));
        if (environment is not null && File.Exists(Path.Combine(environment, "bin", "python")))
            return Path.Combine(environment, "bin", "python");
        return OnPath("python3") ?? OnPath("python")
            ?? throw new FileNotFoundException($"no Python interpreter: neither {Variable} nor a virtual environment is set, and neither python3 nor python is on PATH. Install python3, or give its path in PythonOptions.Interpreter");
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string? OnPath(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return File.Exists(name) ? Path.GetFullPath(name) : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    private static JsonDocument Ask(string interpreter)
    {
        var start = new ProcessStartInfo(interpreter, ["-c", Question]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return JsonDocument.Parse(output[Math.Max(0, output.IndexOf('{', StringComparison.Ordinal))..]);
            throw new InvalidOperationException($"the Python interpreter {interpreter} failed with exit code {process.ExitCode}: {LastLine(errors.Result)}");
        }
        catch (Exception exception) when (exception is Win32Exception or JsonException)
        {
            throw new InvalidOperationException($"{interpreter} does not answer as a Python interpreter: {exception.Message}", exception);
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "no message";

    private static void Check(string interpreter, Version version, JsonElement root)
    {
        string implementation = root.GetProperty("implementation").GetString() ?? "unknown";
        if (implementation != "cpython")
            throw new PlatformNotSupportedException($"TensorBridge needs CPython; {interpreter} is {implementation}");
        if (version < Oldest)
            throw new PlatformNotSupportedException($"TensorBridge needs CPython {Oldest} or newer; {interpreter} is {version}");
        if (root.GetProperty("free_threaded").GetBoolean())
            throw new PlatformNotSupportedException($"TensorBridge needs CPython with the GIL; {interpreter} is a free-threaded build");
    }

    private static string FindLibrary(string interpreter, Version version, JsonElement root)
    {
        string Text(string name) => root.GetProperty(name).GetString() ?? string.Empty;
        string minor = $"libpython{version.Major}.{version.Minor}.so";
        string[] folders = [Text("libdir"), Path.Combine(Text("libdir"), Text("multiarch")), Path.Combine(Text("base"), "lib"), Text("libpl")];
        string[] names = [Text("soname"), Text("library"), minor + ".1.0", minor + ".1", minor];
        foreach (string folder in folders.Where(folder => folder.Length > 0))
        {
            foreach (string name in names.Where(name => name.Contains(".so", StringComparison.Ordinal)))
            {
                if (File.Exists(Path.Combine(folder, name)))
                    return Path.Combine(folder, name);
            }
        }

        throw new FileNotFoundException($"{interpreter} (Python {version}) comes without {minor}.1.0, which a program that hosts Python needs; install the package libpython{version.Major}.{version.Minor} (or build Python with --enable-shared)");
    }
}
