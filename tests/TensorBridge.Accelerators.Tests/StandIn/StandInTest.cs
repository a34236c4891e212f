using System.Diagnostics;

namespace TensorBridge.Accelerators.Tests.StandIn;

/// <summary>A test on the driver stand-in. It starts with a clean slate and must leave nothing alive.</summary>
[Collection(StandInCollection.Name)]
public abstract class StandInTest : IDisposable
{
    private static readonly FakeObject[] Counted = Enum.GetValues<FakeObject>();

    protected StandInTest(StandInFixture fixture)
    {
        Assert.SkipUnless(fixture.Missing.Length == 0, fixture.Missing);
        Clean();
        Assert.Equal(0, FakeCuda.cuInit(0));
    }

    public virtual void Dispose()
    {
        Clean();
        GC.SuppressFinalize(this);
        AssertNothingAlive();
    }

    /// <summary>Releases run on pool threads and behind the streams' work: lets both run on, then demands that nothing is left.</summary>
    /// <remarks>A device works by itself; the stand-in's streams stand still until somebody waits for them or advances them.</remarks>
    protected static void AssertNothingAlive() => Eventually(AliveLater, alive => alive.Length == 0);

    /// <summary>Waits for another thread; fails with the last value seen.</summary>
    protected static void Eventually<T>(Func<T> value, Func<T, bool> expected)
    {
        long start = Stopwatch.GetTimestamp();
        while (!expected(value()))
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(5))
                Assert.Fail($"after 5 s it is still: {value()}");
            Thread.Sleep(1);
        }
    }

    /// <summary>What the driver still holds, in words.</summary>
    protected static string Alive() => string.Join(", ", Counted.Where(kind => FakeCuda.Live(kind) > 0).Select(kind => $"{FakeCuda.Live(kind)} {kind}"));

    private static string AliveLater()
    {
        FakeCuda.Advance();
        return Alive();
    }

    private static void Clean()
    {
        FakeCuda.NoFaults();
        FakeCuda.ResetSticky();
        FakeCuda.SetEager(0);
        FakeCuda.cuCtxSetCurrent(0);
        FakeCuda.PendingFrees();
        FakeCuda.Forget();
    }
}
