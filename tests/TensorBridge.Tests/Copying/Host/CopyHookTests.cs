using TensorBridge.Copying;
using TensorBridge.Copying.Host;

namespace TensorBridge.Tests.Copying.Host;

/// <summary>Progress and cancellation of copies in parts, on one thread and on several.</summary>
public unsafe class CopyHookTests
{
    private const int Side = 3000;

    private static bool Transpose(byte[] source, byte[] destination, int degree, CopyHook? hook)
    {
        Plan plan = Planner.GetOrCreate(CopyOp.Copy(4), [Side, Side], [4, 4 * Side], [4 * Side, 4]);
        fixed (byte* from = source, to = destination)
            return HostEngine.Execute(plan, from, to, degree, hook);
    }

    private static byte[] Bytes() => new byte[4 * Side * Side];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void ReportsProgressToTheEnd(int degree)
    {
        byte[] source = Bytes();
        new Random(3).NextBytes(source);
        byte[] destination = Bytes();
        var seen = new List<long>();
        int thread = Environment.CurrentManagedThreadId;
        Assert.True(Transpose(source, destination, degree, (done, total) =>
        {
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            Assert.Equal(source.Length, total);
            seen.Add(done);
            return true;
        }));
        Assert.Equal(source.Length, seen[^1]);
        Assert.Equal(seen.Order(), seen);
        ReadOnlySpan<int> from = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(source);
        ReadOnlySpan<int> to = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(destination);
        for (int i = 0; i < Side; i++)
        {
            for (int j = 0; j < Side; j++)
            {
                if (to[(i * Side) + j] != from[(j * Side) + i])
                    Assert.Fail($"row {i}, column {j}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void StopsWhenAsked(int degree)
    {
        int calls = 0;
        Assert.False(Transpose(Bytes(), Bytes(), degree, (_, _) => ++calls < 1));
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnExceptionOfTheHookEndsTheCopyAndLeavesThePoolUsable(int degree)
    {
        Assert.Throws<InvalidOperationException>(() => Transpose(Bytes(), Bytes(), degree, (_, _) => throw new InvalidOperationException()));
        Assert.True(Transpose(Bytes(), Bytes(), degree, null));
    }

    [Fact]
    public void CopiesFromSeveralThreadsAtOnce()
    {
        Parallel.For(0, 6, _ => Assert.True(Transpose(Bytes(), Bytes(), 2, null)));
    }
}
