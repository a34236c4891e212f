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

    [Fact]
    public void ALimitedAddressSpaceIsNamedWithItsCure()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ulimit -v is Linux'");
        (_, string output, _) = Tool.RunAfter("ulimit -v 100000000", "doctor");
        Assert.Contains("limited to 95.4 GiB (RLIMIT_AS)", output, StringComparison.Ordinal);
        Assert.Contains("-> raise the limit (ulimit -v unlimited), or bound the reservation with DOTNET_GCHeapHardLimit", output, StringComparison.Ordinal);
        (_, output, _) = Tool.RunAfter("ulimit -v 100000000; export DOTNET_GCHeapHardLimit=0x40000000", "doctor");
        Assert.DoesNotContain("raise the limit", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ADriverWithoutTheNameThatIlgpuLooksForIsNamed()
    {
        string folder = Path.Combine(Tool.RepositoryRoot(), "artifacts", "cmake", "tests", "native", "fakecuda");
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "libcuda.so.1")), "the stand-in driver is not built: run ./build.sh build");
        Assert.SkipWhen(System.Runtime.InteropServices.NativeLibrary.TryLoad("libcuda.so", out _), "a real libcuda.so is installed here");
        (_, string output, _) = Tool.RunAfter($"export LD_LIBRARY_PATH='{folder}'", "doctor");
        Assert.Contains("Stand-in device 0", output, StringComparison.Ordinal);
        Assert.Contains("libcuda.so.1 is there, libcuda.so is not", output, StringComparison.Ordinal);
        // The redirect library lies beside the assemblies.
        Assert.DoesNotContain("not redirected", output, StringComparison.Ordinal);
        (_, output, _) = Tool.RunAfter($"export LD_LIBRARY_PATH='{folder}'", "devices");
        Assert.Contains("cuda:0", output, StringComparison.Ordinal);
    }
}
