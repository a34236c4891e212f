using TensorBridge.Accelerators;

namespace TensorBridge.Python.Tests;

public class PythonCheckTests
{
    [Theory]
    [InlineData("cpython", "3, 11, 2", true, true, DiagnosisStatus.Ok, "cpython 3.11.2 (/usr/bin/python3), libpython3.so")]
    [InlineData("cpython", "3, 10, 9", true, true, DiagnosisStatus.Failure, "3.10.9")]
    [InlineData("pypy", "3, 11, 0", true, true, DiagnosisStatus.Failure, "pypy")]
    [InlineData("cpython", "3, 14, 0", false, true, DiagnosisStatus.Failure, "free-threaded")]
    [InlineData("cpython", "3, 12, 1", true, false, DiagnosisStatus.Warning, "without a shared library")]
    public void AnInterpreterIsJudgedByWhatItSaysOfItself(string implementation, string version, bool gil, bool shared, DiagnosisStatus status, string finding)
    {
        string json = $$"""
            {"implementation": "{{implementation}}", "version": [{{version}}], "executable": "/usr/bin/python3", "library": "libpython3.so",
             "gil": {{(gil ? "true" : "false")}}, "shared": {{(shared ? "true" : "false")}}, "numpy_error": "ModuleNotFoundError: No module named 'numpy'"}
            """;
        DiagnosisLine[] lines = [.. PythonCheck.Judge(json)];
        Assert.Equal(status, lines[0].Status);
        Assert.Contains(finding, lines[0].Finding, StringComparison.Ordinal);
        Assert.Equal((DiagnosisStatus.Warning, "NumPy"), (lines[1].Status, lines[1].Subject));
        Assert.All(lines, line => Assert.True(line.Status == DiagnosisStatus.Ok || line.Cure is not null));
    }

    [Fact]
    public void WhatIsNoInterpreterIsAWarning()
    {
        Assert.Equal(DiagnosisStatus.Warning, Assert.Single(PythonCheck.Look("/no/such/python")).Status);
        Assert.Equal(DiagnosisStatus.Warning, Assert.Single(PythonCheck.Look("/bin/false")).Status);
    }
}
