using TensorBridge.Accelerators.Tests.StandIn;
using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>The copy kernels as PTX, in the interpreter on the driver stand-in.</summary>
public sealed class StandInCopyTests : StandInTest
{
    private readonly StandInExecutor _executor;

    public StandInCopyTests(StandInFixture fixture)
        : base(fixture) => _executor = new StandInExecutor();

    public static IEnumerable<TheoryDataRow<string>> Names => HostCopyTests.Names;

    public static IEnumerable<TheoryDataRow<ElementType>> Types => HostCopyTests.Types;

    public override void Dispose()
    {
        _executor.Dispose();
        base.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryKernelMatchesTheReference(string name) => CopyTestBodies.Directed(_executor, name);

    [Theory]
    [InlineData(5000)]
    [InlineData(6000)]
    [InlineData(7000)]
    [InlineData(8000)]
    public void RandomCopiesMatchTheReference(int first) => CopyTestBodies.Random(_executor, first, 60, 3000);

    [Theory]
    [MemberData(nameof(Types))]
    public void CastsMatchTheReference(ElementType from) => CopyTestBodies.Casts(_executor, from, [.. Enum.GetValues<ElementType>().Where(to => to != ElementType.None)]);
}
