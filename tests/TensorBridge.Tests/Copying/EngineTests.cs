using CsCheck;
using TensorBridge.Copying;
using TensorBridge.Copying.Host;

namespace TensorBridge.Tests.Copying;

/// <summary>Random copies against the reference engine.</summary>
public unsafe class EngineTests
{
    private const int Cases = 2000;

    [Fact]
    public void CopiesAgreeWithTheReference() =>
        CopyCases.Of(CopyCases.Copies, CopyCases.Axes).Sample(c => CopyRunner.Check(c, PlanEngine.Execute), iter: Cases, threads: 1);

    [Fact]
    public void ByteSwapsAgreeWithTheReference() =>
        CopyCases.Of(CopyCases.Swaps, CopyCases.Axes).Sample(c => CopyRunner.Check(c, PlanEngine.Execute), iter: Cases, threads: 1);

    [Fact]
    public void CastsAgreeWithTheReference() =>
        CopyCases.Of(CopyCases.Casts, CopyCases.Axes).Sample(c => CopyRunner.Check(c, PlanEngine.Execute), iter: Cases, threads: 1);

    [Fact]
    public void NoByteOutsideTheExtentsIsTouched()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("guard pages are set with Linux calls");
        Gen<CopyOp> ops = Gen.OneOf(CopyCases.Copies, CopyCases.Swaps, CopyCases.Casts);
        Gen.Select(CopyCases.Of(ops, CopyCases.Axes), Gen.Bool)
            .Sample((c, atEnd) => CopyRunner.CheckGuarded(c, PlanEngine.Execute, atEnd), iter: Cases, threads: 1);
    }

    [Fact]
    public void NoInstructionSetTouchesAByteOutside()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("guard pages are set with Linux calls");
        HostKernels[] kernels = [.. Enum.GetValues<InstructionSet>().Where(HostKernels.IsSupported).Select(HostKernels.Create)];
        Gen.Select(CopyCases.Of(Gen.OneOf(CopyCases.Copies, CopyCases.Swaps), CopyCases.Axes), Gen.Bool, Gen.Bool, Gen.Int[1, 3], Gen.Int[0, kernels.Length - 1])
            .Sample((c, atEnd, stream, degree, set) => CopyRunner.CheckGuarded(c, (plan, source, destination) => HostEngine.Execute(kernels[set], plan, source, destination, stream, degree, null), atEnd), iter: Cases, threads: 1);
    }

    [Fact]
    public void SlicesTogetherAreTheWhole()
    {
        Gen<CopyOp> ops = Gen.OneOf(CopyCases.Copies, CopyCases.Swaps, CopyCases.Casts);
        Gen.Select(CopyCases.Of(ops, CopyCases.Axes), Gen.Int[1, 5000]).Sample((c, limit) => CopyRunner.Check(c, (plan, source, destination) =>
        {
            var slices = new List<Plan>();
            PlanSlicer.Cut(plan, limit, slices);
            Assert.Equal(plan.Bytes, slices.Sum(s => s.Bytes));
            foreach (Plan slice in slices)
                PlanEngine.Execute(slice, source, destination);
        }), iter: Cases, threads: 1);
    }

    [Fact]
    public void ThreadsAgreeWithTheReference()
    {
        Gen<CopyOp> ops = Gen.OneOf(CopyCases.Copies, CopyCases.Swaps, CopyCases.Casts);
        Gen.Select(CopyCases.Of(ops, CopyCases.LongAxes), Gen.Int[1, 5]).Sample((c, degree) => CopyRunner.Check(c, (plan, source, destination) =>
        {
            if (plan.Path != CopyPath.Nothing)
                new PlanParts(plan, source, destination, degree, null).Run(degree);
        }), iter: 300, threads: 1);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(65536)]
    public void LongItemsMove(int itemSize)
    {
        AxisSpec[] axes = [new(5, 8, 0, 0, 1, false, false, false), new(3, 0, 16, 1, 0, false, true, false)];
        CopyRunner.Check(new CopyCase(CopyOp.Copy(itemSize), axes, 1, 3, 7), PlanEngine.Execute);
    }

    [Fact]
    public void SixtyFourAxesMove()
    {
        AxisSpec[] axes = [.. Enumerable.Range(0, 64).Select(i => new AxisSpec(i % 6 == 0 ? 2 : 1, 0, 0, 64 - i, i % 7, i % 4 == 0, i % 5 == 0, false))];
        CopyRunner.Check(new CopyCase(CopyOp.Copy(2), axes, 0, 0, 1), PlanEngine.Execute);
    }
}
