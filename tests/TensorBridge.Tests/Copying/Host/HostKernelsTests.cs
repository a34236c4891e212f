using TensorBridge.Copying.Host;

namespace TensorBridge.Tests.Copying.Host;

public class HostKernelsTests
{
    [Fact]
    public void AWantedInstructionSetIsChosenWhereTheProcessorHasIt()
    {
        Assert.Equal(InstructionSet.Portable, HostKernels.Choose("portable"));
        foreach (InstructionSet set in Enum.GetValues<InstructionSet>().Where(HostKernels.IsSupported))
            Assert.Equal(set, HostKernels.Choose(set.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Neon")]
    [InlineData("17")]
    public void ElseTheBestIsChosen(string? wanted)
    {
        InstructionSet best = Enum.GetValues<InstructionSet>().Where(HostKernels.IsSupported).Max();
        Assert.Equal(best, HostKernels.Choose(wanted));
        Assert.Equal(best, HostKernels.Create(best).InstructionSet);
    }
}
