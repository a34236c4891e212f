using TensorBridge.Accelerators.Tests.Copying;

namespace TensorBridge.Accelerators.Tests.OpenCl;

/// <summary>The copy kernels on a real OpenCL driver, where there is one.</summary>
public sealed class OpenClCopyTests : IDisposable
{
    private readonly OpenClExecutor? _executor = OpenClExecutor.Missing.Length == 0 ? new OpenClExecutor() : null;

    // Without a driver, one skip says it for all.
    public static IEnumerable<TheoryDataRow<string>> Names => OpenClExecutor.Missing.Length == 0 ? HostCopyTests.Names : HostCopyTests.Names.Take(1);

    public void Dispose() => _executor?.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryKernelMatchesTheReference(string name)
    {
        Assert.SkipUnless(_executor is not null, OpenClExecutor.Missing);
        CopyTestBodies.Directed(_executor!, name);
    }

    [Theory]
    [InlineData(9000)]
    [InlineData(10000)]
    public void RandomCopiesMatchTheReference(int first)
    {
        Assert.SkipUnless(_executor is not null, OpenClExecutor.Missing);
        CopyTestBodies.Random(_executor!, first, 40, 3000);
    }
}
