using TensorBridge.Copying;

namespace TensorBridge.Accelerators.Tests.Copying;

/// <summary>The copy kernels on ILGPU's CPU accelerator.</summary>
public sealed class HostCopyTests : IDisposable
{
    private readonly HostExecutor _executor = new();

    public static IEnumerable<TheoryDataRow<string>> Names => DirectedCases.All().Select(each => new TheoryDataRow<string>(each.Name));

    public static IEnumerable<TheoryDataRow<ElementType>> Types => Enum.GetValues<ElementType>().Where(type => type != ElementType.None).Select(type => new TheoryDataRow<ElementType>(type));

    public void Dispose() => _executor.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryKernelMatchesTheReference(string name) => CopyTestBodies.Directed(_executor, name);

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void RandomCopiesMatchTheReference(int first) => CopyTestBodies.Random(_executor, first, 60, 1500);

    [Theory]
    [MemberData(nameof(Types))]
    public void CastsMatchTheReference(ElementType from) => CopyTestBodies.Casts(_executor, from, [.. Enum.GetValues<ElementType>().Where(to => to != ElementType.None && ((int)to + (int)from) % 4 == 0)]);
}
