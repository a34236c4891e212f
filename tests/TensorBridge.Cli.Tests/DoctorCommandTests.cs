namespace TensorBridge.Cli.Tests;

public class DoctorCommandTests
{
    [Fact]
    public void TheDoctorLooksAtEverything()
    {
        (int code, string output, string errors) = Tool.Run("doctor");
        Assert.Empty(errors);
        foreach (string subject in (string[])["platform", ".NET", "processor", "address space", "huge pages", "CUDA", "OpenCL", "native parts", "Python"])
            Assert.Contains($"  {subject}", output, StringComparison.Ordinal);
        Assert.Equal(output.Contains("FAIL", StringComparison.Ordinal) ? 1 : 0, code);
        Assert.DoesNotContain("could not be looked at", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingPythonIsAWarningWithItsCure()
    {
        (_, string output, _) = Tool.Run("doctor", "--python", "/no/such/python");
        Assert.Contains("'/no/such/python' does not run", output, StringComparison.Ordinal);
        Assert.Contains("-> install CPython 3.11", output, StringComparison.Ordinal);
    }
}
