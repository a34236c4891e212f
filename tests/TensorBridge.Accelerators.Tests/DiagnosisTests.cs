namespace TensorBridge.Accelerators.Tests;

public class DiagnosisTests
{
    [Fact]
    public void EveryFindingThatIsNotRightHasACure()
    {
        IReadOnlyList<DiagnosisLine> lines = Diagnosis.Run();
        Assert.All(lines, line => Assert.True(line.Status == DiagnosisStatus.Ok || line.Cure is not null, line.ToString()));
        Assert.Contains(lines, line => line.Subject == "CUDA");
    }

    [Fact]
    public void ACheckThatFailsIsAFinding()
    {
        IReadOnlyList<DiagnosisLine> lines = Diagnosis.Run(("mine", () => throw new InvalidOperationException("no luck")), ("yours", () => [DiagnosisLine.Ok("yours", "fine")]));
        Assert.Equal(DiagnosisStatus.Ok, lines[^1].Status);
        Assert.Equal(DiagnosisStatus.Warning, lines[^2].Status);
        Assert.Contains("no luck", lines[^2].Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Max address space         unlimited            unlimited            bytes", null)]
    [InlineData("Max address space         8589934592           unlimited            bytes", 8589934592L)]
    [InlineData("Max cpu time              unlimited            unlimited            seconds", null)]
    public void TheSoftLimitOfTheAddressSpaceIsRead(string line, long? expected) => Assert.Equal(expected, AddressSpaceCheck.ReadLimit([line]));

    [Theory]
    [InlineData("always [madvise] never\n", "madvise")]
    [InlineData("always madvise [never]\n", "never")]
    [InlineData("never", "never")]
    public void TheChosenSettingIsTheOneInBrackets(string text, string expected) => Assert.Equal(expected, HugePageCheck.Chosen(text));
}
