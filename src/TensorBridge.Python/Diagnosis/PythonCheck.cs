using System.Diagnostics;
using System.Text.Json;
using TensorBridge.Accelerators;

namespace TensorBridge.Python;

/// <summary>The Python interpreter: version, GIL, shared library, NumPy.</summary>
internal static class PythonCheck
{
    private const string Subject = "Python";
    private const int TimeLimit = 30_000;

    // Isolated from the folder it runs in, so that no file beside it takes a module's name.
    private const string Questions = """
        import json, platform, sys, sysconfig
        facts = {"version": list(sys.version_info[:3]), "implementation": sys.implementation.name, "executable": sys.executable}
        facts["gil"] = not sysconfig.get_config_var("Py_GIL_DISABLED")
        facts["shared"] = bool(sysconfig.get_config_var("Py_ENABLE_SHARED"))
        facts["library"] = str(sysconfig.get_config_var("INSTSONAME"))
        try:
            import numpy
            facts["numpy"] = numpy.__version__
        except Exception as error:
            facts["numpy_error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(facts))
        """;

    /// <summary>Asks an interpreter.</summary>
    /// <param name="executable">Its path or name; null for the one that <c>TENSORBRIDGE_PYTHON</c> names, else <c>python3</c>.</param>
    public static IEnumerable<DiagnosisLine> Look(string? executable = null)
    {
        if (string.IsNullOrEmpty(executable))
            executable = Environment.GetEnvironmentVariable("TENSORBRIDGE_PYTHON") is { Length: > 0 } chosen ? chosen : "python3";
        if (Ask(executable, out string answer))
            return Judge(answer);
        return [DiagnosisLine.Warning(Subject, $"'{executable}' does not run: {answer}", "install CPython 3.11 or newer (Debian: python3), or point TENSORBRIDGE_PYTHON at one; without it only C# works")];
    }

    /// <summary>What the interpreter's answers mean.</summary>
    internal static IEnumerable<DiagnosisLine> Judge(string json)
    {
        using JsonDocument facts = JsonDocument.Parse(json);
        JsonElement root = facts.RootElement;
        int[] version = [.. root.GetProperty("version").EnumerateArray().Select(part => part.GetInt32())];
        string name = $"{root.GetProperty("implementation").GetString()} {string.Join('.', version)} ({root.GetProperty("executable").GetString()})";
        if (root.GetProperty("implementation").GetString() != "cpython" || (version[0], version[1]).CompareTo((3, 11)) < 0)
            yield return DiagnosisLine.Failure(Subject, name, "TensorBridge needs CPython 3.11 or newer");
        else if (!root.GetProperty("gil").GetBoolean())
            yield return DiagnosisLine.Failure(Subject, $"{name}, a free-threaded build", "TensorBridge needs the build with the GIL: install the one without the suffix t");
        else if (!root.GetProperty("shared").GetBoolean())
            yield return DiagnosisLine.Warning(Subject, $"{name}, built without a shared library", "'import tensorbridge' works; to start Python from C#, use an interpreter with libpython (Debian's python3 and libpython3, or --enable-shared)");
        else
            yield return DiagnosisLine.Ok(Subject, $"{name}, {root.GetProperty("library").GetString()}");
        yield return root.TryGetProperty("numpy", out JsonElement numpy)
            ? DiagnosisLine.Ok("NumPy", numpy.GetString()!)
            : DiagnosisLine.Warning("NumPy", $"cannot be imported: {root.GetProperty("numpy_error").GetString()}", "TensorBridge does not need it, your scripts may: pip install numpy (Debian: python3-numpy)");
    }

    private static bool Ask(string executable, out string answer)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(executable, ["-I", "-c", Questions]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeLimit))
            {
                process.Kill();
                answer = $"no answer within {TimeLimit / 1000} seconds";
                return false;
            }

            answer = process.ExitCode == 0 ? output.Result : $"exit code {process.ExitCode}: {errors.Result.Trim()}";
            return process.ExitCode == 0;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            answer = error.Message;
            return false;
        }
    }
}
