namespace TensorBridge.Python.Tests;

/// <summary>.NET hosts Python. Each scenario is a process, because an interpreter starts and ends once per process.</summary>
public sealed class HostingTests
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    [Fact]
    public void ImportIsTheSameMemory() => Expect(
        "Import",
        0,
        "tensor[float32, (2, 4), cpu, strides (32, -4)] same address: True",
        "[[99.0, 2.0, 1.0, 0.0], [11.0, 10.0, 9.0, 8.0]]");

    [Fact]
    public void ExportIsTheSameMemoryAndReleasedOnce() => Expect(
        "Export",
        0,
        "True True 5.0 1.0",
        "released with a view alive: 0",
        "released: 1");

    [Fact]
    public void PackageIsTheLoadedLibrary() => Expect("SameLibrary", 0, "True [97, 98, 99]", "1 True", "assemblies 1");

    [Fact]
    public void PythonErrorsBecomeExceptions()
    {
        (int code, string[] output) = ChildProcess.Run("PythonError");
        Assert.Equal(1, code);
        Assert.Equal("KeyError 'key' | KeyError: 'key'", output[0]);
        Assert.StartsWith("True expected an array (buffer protocol, DLPack", output[1], StringComparison.Ordinal);
        Assert.Equal("PythonException: ModuleNotFoundError: No module named 'no_such_module_at_all'", output[2]);
        Assert.Equal(3, output.Length);
    }

    [Fact]
    public void ThreadsReleaseEverything() => Expect("Threads", 0, "released 1600");

    [Fact]
    public void HandleDroppedWithoutGilIsReleasedLater() => Expect("ReleaseWithoutGil", 0, "alive while held: True", "alive afterwards: False");

    [Fact]
    public void ForgottenReferencesAreReleasedWithoutDeadlock() => Expect("Forgotten", 0, "(True, True)");

    [Fact]
    public void ShutdownRunsExitFunctionsFlushesAndReleases()
    {
        (int code, string[] output) = ChildProcess.Run("Shutdown");
        Assert.Equal(1, code);
        Assert.Equal(["unflushed", "exit function", "released 1"], output[..3]);
        Assert.Contains("cannot be started again", output[3], StringComparison.Ordinal);
    }

    [Fact]
    public void EndOfProcessRunsExitFunctions() => Expect("NoShutdown", 0, "unflushed", "exit function");

    [Fact]
    public void ShutdownOnAnotherThreadRunsExitFunctions() => Expect("ShutdownElsewhere", 0, "unflushed", "exit function");

    [Fact]
    public void InterruptInPythonIsKeyboardInterrupt()
    {
        (int code, string[] output) = ChildProcess.RunAndSignal("InterruptPython", SigInt);
        Assert.Equal(["ready", "KeyboardInterrupt True"], output);
        Assert.Equal(0, code);
    }

    [Fact]
    public void InterruptInDotNetEndsTheProcess()
    {
        (int code, string[] output) = ChildProcess.RunAndSignal("InterruptDotNet", SigInt);
        Assert.Equal(["ready"], output);
        Assert.Equal(128 + SigInt, code);
    }

    [Fact]
    public void TerminateEndsTheProcess()
    {
        (int code, string[] output) = ChildProcess.RunAndSignal("Terminate", SigTerm);
        Assert.Equal(["ready"], output);
        Assert.Equal(128 + SigTerm, code);
    }

    [Fact]
    public void ForkedChildIsToldAndParentLives() => Expect("Fork", 0, "child 0", "released 0");

    [Fact]
    public void InterpreterOfSomeoneElseIsUsedAndLeftRunning() => Expect(
        "ForeignInterpreter",
        0,
        "tensor[float64, (2,), cpu] owner: False",
        "[1. 7.] 0",
        "still there: 7.0");

    [Fact]
    public void VirtualEnvironmentIsUsed()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"tensorbridge-venv-{Environment.ProcessId}");
        using (var process = System.Diagnostics.Process.Start(ChildProcess.Interpreter, ["-m", "venv", "--without-pip", folder]))
        {
            process.WaitForExit();
            Assert.SkipWhen(process.ExitCode != 0, "this Python cannot make virtual environments");
        }

        try
        {
            (int code, string[] output) = ChildProcess.Run("Where", ("TENSORBRIDGE_PYTHON", null), ("VIRTUAL_ENV", folder));
            Assert.Equal([$"{folder}/bin/python {folder}"], output);
            Assert.Equal(0, code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("/nonexistent/python3", "FileNotFoundException: the Python interpreter '/nonexistent/python3' (TENSORBRIDGE_PYTHON) does not exist")]
    [InlineData("/bin/true", "InvalidOperationException: /bin/true does not answer as a Python interpreter")]
    [InlineData("/bin/false", "InvalidOperationException: the Python interpreter /bin/false failed with exit code 1")]
    public void UnusableInterpreterIsOneClearError(string interpreter, string message)
    {
        (int code, string[] output) = ChildProcess.Run("Where", ("TENSORBRIDGE_PYTHON", interpreter));
        Assert.Equal(1, code);
        Assert.StartsWith(message, Assert.Single(output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"implementation\":\"pypy\",\"version\":[3,11,0],\"free_threaded\":false}", "PlatformNotSupportedException: TensorBridge needs CPython;")]
    [InlineData("{\"implementation\":\"cpython\",\"version\":[3,10,13],\"free_threaded\":false}", "PlatformNotSupportedException: TensorBridge needs CPython 3.11 or newer;")]
    [InlineData("{\"implementation\":\"cpython\",\"version\":[3,13,0],\"free_threaded\":true}", "PlatformNotSupportedException: TensorBridge needs CPython with the GIL;")]
    [InlineData("{\"implementation\":\"cpython\",\"version\":[3,12,0],\"free_threaded\":false,\"executable\":\"x\",\"libdir\":\"/nowhere\",\"multiarch\":\"\",\"base\":\"/nowhere\",\"libpl\":\"\",\"soname\":\"\",\"library\":\"libpython3.12.a\"}", "FileNotFoundException: ")]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void UnsupportedInterpreterIsRefused(string answer, string message)
    {
        string script = Path.GetTempFileName();
        File.WriteAllText(script, $"#!/bin/sh\necho '{answer}'\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            (int code, string[] output) = ChildProcess.Run("Where", ("TENSORBRIDGE_PYTHON", script));
            Assert.Equal(1, code);
            Assert.StartsWith(message, Assert.Single(output), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static void Expect(string scenario, int code, params string[] lines)
    {
        (int actual, string[] output) = ChildProcess.Run(scenario);
        Assert.Equal(lines, output);
        Assert.Equal(code, actual);
    }
}
