namespace TensorBridge.Cli.Tests;

public class ProgressBarTests
{
    [Theory]
    [InlineData(0, 100, "[..............................]   0 %  0 B of 100 B  0 B/s  0:00:00 left")]
    [InlineData(50, 100, "[###############...............]  50 %  50 B of 100 B  25 B/s  0:00:02 left")]
    [InlineData(100, 100, "[##############################] 100 %  100 B of 100 B  50 B/s  0:00:00 left")]
    [InlineData(1_500_000_000, 6_000_000_000, "[#######.......................]  25 %  1.5 GB of 6.0 GB  750.0 MB/s  0:00:06 left")]
    [InlineData(0, 0, "[##############################] 100 %  0 B of 0 B  0 B/s  0:00:00 left")]
    public void TheLineSaysHowFarItIs(long done, long all, string expected) =>
        Assert.Equal(expected, ProgressBar.Line(done, all, TimeSpan.FromSeconds(2)));
}
